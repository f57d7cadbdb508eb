/** Who issues invoices, and where transfers go. */
export interface Seller {
  name: string;
  inn: string;
  kpp: string;
  address: string;
  bank: string;
  bic: string;
  account: string;
  correspondentAccount: string;
}
