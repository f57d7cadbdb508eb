/**
 * What people ask and how drafters word it: `asked, asked: drafted, drafted` a line. A line is used when a question holds all
 * words of one of its left sides, in any form. General usage of English contracts and statutes, of no particular document.
 */
export const englishThesaurus = `
parties, who signed: by and between, hereinafter referred to as, a corporation organized under the laws of, collectively the parties
named, called, title of: this agreement, entered into
agreement date, date of the agreement, dated, when signed, when was signed: dated as of, made and entered into as of, this day of
effective date, take effect, come into force, start, begin, commence, in force: effective date, shall commence, shall become effective, effective as of, commencement date
expire, expiration, end, ends, end date, run out, how long, last, lasts, duration, term: initial term, shall continue in full force and effect, shall remain in effect until, expire, term of this agreement, unless earlier terminated, period of years
renew, renewal, extend, extension, roll over, prolong, automatically continue: renewal term, automatically renew, successive periods, additional terms, extended for, option to extend
notice to renew, prevent renewal, stop renewal, opt out of renewal, non-renewal, notice of non-renewal: written notice of its intention not to renew, days prior to the expiration, prior to the end of the then current term
cancel, terminate, termination, end early, get out, walk away, call off, quit, break off: terminate this agreement, may be terminated, right to terminate, upon written notice, early termination
without cause, without reason, for convenience, any reason, no reason, at will: terminate for convenience, for any reason or no reason, without cause, at any time upon days prior written notice
for cause, breach, break the contract, default, violate, violation, fail to perform: material breach, event of default, fails to cure, within days after receipt of written notice, remedy such breach
bankrupt, bankruptcy, insolvent, insolvency: insolvent, assignment for the benefit of creditors, petition in bankruptcy, receiver, liquidation
after termination, after the contract ends, after expiration, once it ends, when it ends, survive, still apply, continue after, wind down, transition: effect of termination, survive termination or expiration, wind-down, transition services, post-termination, upon expiration or termination, following termination, return all, sell off existing inventory
law, laws, which law, whose law, jurisdiction, applies to disputes, governed, governs: governing law, governed by and construed in accordance with the laws of the state, without regard to conflicts of law principles
court, courts, dispute, disputes, sue, lawsuit, litigate, litigation, venue, arbitration, arbitrate, resolve: exclusive jurisdiction, venue, submit to the jurisdiction, arbitration, american arbitration association, dispute resolution, waiver of jury trial, mediation
transfer, assign, assignment, pass on, hand over, give to someone else, sell the contract: assign this agreement, shall not be assigned, without the prior written consent, any attempted assignment shall be void, successors and permitted assigns, delegate, sublicense
consent, permission, approval, approve, allowed: prior written consent, shall not be unreasonably withheld, written approval
change of control, taken over, takeover, acquired, acquisition, merger, merge, bought, sold, new owner, changes hands: change of control, merger, consolidation, sale of all or substantially all of the assets, voting securities, acquisition of a majority, successor
compete, competing, competitor, competitors, competition, competitive, rival, non-compete: non-competition, shall not compete, directly or indirectly engage in, competitive products, similar to or competitive with, during the term and for a period of
exclusive, exclusivity, exclusively, only supplier, sole, nobody else: exclusive right, sole and exclusive, exclusivity, shall not appoint any other, exclusive territory, shall purchase all of its requirements
exception, exceptions, carve out, carved out, still allowed, despite: notwithstanding the foregoing, except that, provided however, nothing herein shall prevent, shall not apply to, excluding
customers, clients, solicit customers, lure customers, poach customers, approach customers: solicit customers, no-solicit, divert, induce any customer, shall not solicit business from
employees, staff, hire, hiring, poach, recruit, recruiting, solicit employees, workers: shall not solicit for employment, hire any employee, induce to leave, non-solicitation of employees, personnel
disparage, disparagement, criticize, speak badly, say negative, bad things, badmouth, reputation, embarrass: shall not disparage, derogatory, disrepute, goodwill, detrimental to the reputation, adversely affect the image, defamatory, scandal
best price, best terms, better price, better terms, better deal, most favored, lowest price, favorable: most favored, no less favorable than, lowest price, more favorable terms, offered to any other customer, price parity
first refusal, first offer, first chance, first negotiation, right of first, match an offer, matching offer, offered first: right of first refusal, right of first offer, right of first negotiation, bona fide offer, same terms and conditions, first opportunity
profit, profits, revenue, revenues, share of revenue, split, sharing, royalty, royalties, commission, percentage: revenue sharing, royalty, percent of net revenues, net sales, commission, gross revenues, pay a percentage, profit share
price increase, raise prices, raise the price, change price, price change, price limit, increase fees, price restriction, adjust prices: increase the price, prices shall not increase, price adjustment, consumer price index, may not raise, percent per year, fixed prices
minimum, at least, minimum purchase, minimum order, quota, commit, commitment, must buy, must order, have to buy: minimum purchase requirement, minimum order quantity, shall purchase a minimum, minimum commitment, annual minimum, guaranteed minimum, not less than
volume, above a threshold, exceed, exceeds, excess, maximum amount, over the limit: volume in excess of, volume restriction, exceeding, maximum number, additional fee, overage, thresholds
owns, ownership, belongs, belong, intellectual property, invention, inventions, created, developed, work product: ownership, all right title and interest, hereby assigns, work made for hire, shall be the sole and exclusive property of, intellectual property rights, developed under this agreement
jointly own, joint, jointly, shared ownership, co-own: jointly owned, joint ownership, joint intellectual property, equal undivided interest, co-owned
license, licensed, licence, right to use, use the brand, use the trademark, trademarks, use the software, permission to use, rights granted: hereby grants, non-exclusive license, royalty-free, right and license to use, trademarks and logos, grant of license
license transferable, transfer the license, sublicense, non-transferable: non-transferable license, may not be sublicensed, without the right to sublicense, not assign or transfer the license
affiliates use, affiliate, affiliates, subsidiaries, group companies: affiliates, and its subsidiaries, license to affiliates, affiliate licensor, affiliate licensee
unlimited, no limit on use, unrestricted: unlimited use, enterprise license, unlimited number of users, unlimited access
perpetual, irrevocable, forever, permanent, never expire, cannot be revoked, perpetually: perpetual, irrevocable, in perpetuity, worldwide irrevocable license
source code, escrow, code: source code escrow, escrow agent, deposit materials, release of the source code
audit, audits, inspect, inspection, check the books, books, records, accounts, verify: books and records, right to audit, upon reasonable notice during normal business hours, inspect, examine, certified public accountant, maintain complete and accurate records
liability, liable, cap, limit on liability, limited liability, maximum damages, how much can be claimed, limitation, money back: limitation of liability, in no event shall, total aggregate liability shall not exceed, amounts paid, indirect incidental special consequential or punitive damages, loss of profits
unlimited liability, uncapped, no cap, not limited, without limit: limitations shall not apply to, except for, gross negligence or willful misconduct, breach of confidentiality, indemnification obligations, fraud
liquidated damages, penalty, penalties, fixed sum, late fee, late charge, fine, termination fee, break fee, early termination fee: liquidated damages, not as a penalty, termination fee, late charge, per day, interest at the rate, reasonable estimate of damages
warranty, warranties, guarantee, guaranteed, defective, defect, defects, repair, replace, faulty: warrants, warranty period, for a period of months from, free from defects in material and workmanship, repair or replace, disclaimer of warranties, merchantability, fitness for a particular purpose
how long warranty, warranty period, warranty duration, warranty last: warranty period, for a period of, from the date of delivery, days after acceptance
insurance, insured, insure, coverage, policy: commercial general liability insurance, maintain insurance, per occurrence, additional insured, certificate of insurance, workers compensation, policies of insurance
sue, claim, claims, covenant not to sue, not to challenge, challenge, contest, contesting, challenging, release, releases, dispute ownership: covenant not to sue, shall not contest the validity, shall not challenge, waives any claim, release and discharge, attack the title, infringe ownership
third party, third parties, outsider, benefit, non-party, someone who is not a party, enforce: third party beneficiary, no third party beneficiaries, intended beneficiary, inure to the benefit of, nothing in this agreement shall confer any rights
indemnify, indemnity, indemnification, protect against claims, who pays for claims, hold harmless, compensate: indemnify defend and hold harmless, from and against any and all claims losses damages liabilities, reasonable attorneys fees
confidential, confidentiality, secret, secrets, disclose, disclosure, nda, private: confidential information, shall not disclose, receiving party, disclosing party, non-disclosure, proprietary information, trade secrets
pay, paid, payment, payments, fee, fees, cost, costs, price, how much, charge, charges, salary, compensation, money: shall pay, payable, within days of receipt of invoice, fees, compensation, purchase price, net thirty days, invoices
late payment, overdue, pay late, not paid: interest on late payments, past due, per month, late charge
expense, expenses, travel, reimburse, reimbursement: reimburse, reasonable out-of-pocket expenses, expenses incurred
tax, taxes, vat, duties: taxes, sales use value-added, withholding, duties and levies
refund, refunded, return the money, credit: refund, credit, return of amounts paid, prepaid
delivery, deliver, ship, shipping, shipment, late delivery: delivery, shipment, f.o.b., risk of loss, title shall pass, lead time
order, orders, ordering, purchase order, forecast: purchase orders, forecast, accept or reject orders, binding
quality, standard of work, service level, performance, uptime, specifications: service levels, specifications, professional and workmanlike manner, quality standards, performance standards
reject, rejection, acceptance, accept, testing: acceptance testing, inspect and reject, nonconforming, deemed accepted
notify, notice, notices, contact, inform, address, communications: notices shall be in writing, deemed given, certified mail, addressed to, overnight courier
change the contract, amend, amendment, modify, modification: amended or modified only by a writing signed by, amendment, no modification
whole agreement, earlier agreements, previous agreements, prior agreements, oral promises: entire agreement, supersedes all prior, understandings
force majeure, disaster, beyond control, act of god, strike, war, pandemic: force majeure, acts of god, beyond the reasonable control, excused from performance
invalid, unenforceable, struck down: severability, held to be invalid or unenforceable, remaining provisions
waive, waiver, overlook: waiver, failure to enforce shall not, no waiver
partner, partners, partnership, agent, employee status, relationship, contractor: independent contractor, nothing shall create a partnership joint venture or agency, relationship of the parties
subcontract, subcontractor, subcontractors, outsource, delegate: subcontract, subcontractors, delegate its obligations, responsible for acts
territory, region, area, countries, geographic: territory, geographic area, worldwide, within the following
market, promote, promotion, advertise, advertising, publicity, marketing, press release: marketing, promotional materials, advertising, press release, publicity, public announcement
website, online, domain, link, links, internet: web site, hyperlink, domain name, co-branded, url
product, products, goods, merchandise: products, goods, merchandise
endorse, endorsement, celebrity, appearance, appearances, personal appearance: endorsement, personal appearances, name and likeness, photograph, autograph
use the name, likeness, image, logo: name image and likeness, trademarks, service marks, logos
exclusive partner, other partners, work with others, others: non-exclusive, free to enter into agreements with, right to appoint other
training, support, maintenance, help: technical support, maintenance services, training, assistance
personal data, privacy, data protection, user data, customer data: personal information, privacy policy, data protection, user data, customer information
security, breach of data, hack, safeguard: security measures, safeguards, unauthorized access
regulation, regulatory, comply, compliance, legal requirements: compliance with applicable laws, regulations, permits, approvals
environment, hazardous, pollution: environmental laws, hazardous materials
bribe, bribery, corruption: foreign corrupt practices act, anti-corruption, improper payment
export, exports, sanctions: export control, export administration regulations
board, committee, governance, steering: joint steering committee, management committee, representatives, quarterly meetings
invest, shares, stock, equity, warrants: shares of common stock, stock options, equity, securities
loan, lend, borrow, borrower, lender, debt: loan, principal amount, promissory note, borrower, lender, interest rate
collateral, security interest, secured, pledge, mortgage: security interest, collateral, lien, pledge
guarantor, guaranty: guaranty, guarantor, unconditionally guarantees
rent, tenant, landlord, lease, leasing: lease, lessee, lessor, tenant, landlord, rent, premises
deposit, security deposit: security deposit, refundable deposit
evict, eviction, move out, vacate: surrender the premises, vacate, holdover, eviction
repairs, fix, broken, maintain: repairs and maintenance, keep in good condition
sublet, sublease: sublease, sublet, without landlord's consent
employee, employer, job, work, worker, position: employment, employee, duties, position
fire, fired, dismiss, dismissal, sack, layoff: termination of employment, for cause, dismissal, severance
severance, payout, payoff: severance pay, separation payment, termination benefits
vacation, holiday, holidays, leave, time off, pto: paid time off, vacation, annual leave, leave of absence
sick, illness, ill, disability, disabled: sick leave, disability, incapacity, medical
maternity, pregnant, pregnancy, parental, baby: maternity leave, parental leave, pregnancy
overtime, extra hours, hours, working hours: overtime, hours of work, regular rate
bonus, incentive, incentives: bonus, incentive compensation, performance bonus
benefits, health insurance, pension, retirement: employee benefits, health insurance, retirement plan
death, die, dies, dead: death, estate, heirs, legal representatives
discriminate, discrimination, harass, harassment: discrimination, harassment, equal opportunity
injury, injured, hurt, accident: personal injury, bodily injury, accident
damage, damages, loss, losses, compensation for loss: damages, losses, direct damages, compensation
negligence, careless, misconduct, fault: negligence, gross negligence, willful misconduct
infringe, infringement, copy, patent, copyright, stolen: infringement, patent, copyright, misappropriation, intellectual property claims
recall, safety, unsafe: product recall, product safety, adverse event
returned, give back, return materials, destroy: return or destroy, all copies, upon request
sign, signature, signed, electronic signature, counterparts: counterparts, facsimile, duly authorized, signature
authority, power, represent, represents, promise, promises, assure: represents and warrants, duly organized, full power and authority
translation, language: english language, controlling version, translation
definition, define, defined, mean, means, meaning: means, shall have the meaning, definitions, defined as
obligation, obligations, duty, duties, must, responsible, responsibility, responsibilities: shall, obligations, responsibilities, agrees to
prohibit, prohibited, forbidden, restrict, restriction, restrictions, may not, cannot, banned: shall not, prohibited, restrictions
deadline, how soon, when must, time limit: within days, no later than, not later than, time is of the essence
how often, frequency, report, reports, reporting: quarterly, monthly, reports, within days after the end of each
budget, plan, forecast of costs: budget, business plan
buyback, repurchase, buy back: repurchase, buy back inventory
spam, email, unsolicited: unsolicited, electronic mail
divorce, separate, separation, spouse, husband, wife: dissolution of marriage, divorce, spouse, marital property
custody, child, children, kid: custody, minor child, best interests of the child, guardian
alimony, child support, maintenance payments: maintenance, support obligation, alimony
will, inherit, inheritance, estate, heir: testator, bequest, intestate, probate, estate
crime, criminal, guilty, steal, theft: offense, offence, conviction, theft
appeal, overturn, review decision: appeal, appellate, judicial review
evidence, proof, prove, witness: evidence, burden of proof, testimony
consumer, buyer, customer rights, cooling off: consumer, right of withdrawal, unfair terms
data controller, gdpr, delete my data, erase: controller, processor, data subject, erasure
vote, shareholder, shareholders, meeting, director, directors: shareholders, general meeting, resolution, board of directors, quorum
dividend, distribution, distributions: dividends, distributions, distributable profits
`;
