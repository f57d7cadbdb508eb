import type { Command } from 'commander';
import type { LoadComposition } from '../../../kernel/composition.ts';
import { checkout } from '../../checkout.ts';
import { examples, print } from '../../output.ts';

interface Flags {
  out: string;
  image: string;
  domain: string;
  namespace: string;
  gatewayClass: string;
  internalNetworks?: string[];
  json?: boolean;
}

export const exportKubernetes = (parent: Command, loadComposition: LoadComposition) =>
  parent
    .command('kubernetes')
    .description('Write all objects for a Kubernetes cluster, with overlays; see docs/production/kubernetes.md')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .requiredOption('--image <image>', 'the image with its digest, as in registry.example.org/pandect@sha256:…')
    .requiredOption('--domain <host>', 'public host name, without https://')
    .option('--namespace <name>', 'namespace of all objects', 'pandect')
    .option('--gateway-class <name>', 'class of the Gateway that leads to the platform', 'envoy')
    .option(
      '--internal-networks <list>',
      'networks that names of OUTBOUND_INTERNAL_HOSTS lead to, where they are no Services of the cluster (default: all private ones)',
      (text) => text.split(',').map((network) => network.trim()),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect export kubernetes --out k8s --image registry.example.org/pandect@sha256:… --domain ai.example.org',
      ),
    )
    .action(async ({ out, json, internalNetworks, ...named }: Flags) => {
      const [
        { readExport },
        { assertPlaces },
        { INTERNAL_NETWORKS },
        { exportKubernetes: write },
        { exportNotes },
        { writeFiles },
      ] = await Promise.all([
        import('../../../export/read-export.ts'),
        import('../../../export/kubernetes/input.ts'),
        import('../../../export/kubernetes/cluster/destinations.ts'),
        import('../../../export/kubernetes/export-kubernetes.ts'),
        import('../../../export/kubernetes/export-notes.ts'),
        import('../../../export/write-files.ts'),
      ]);
      const places = { ...named, internalNetworks: internalNetworks ?? INTERNAL_NETWORKS };
      assertPlaces(places);
      const input = await readExport(checkout, await loadComposition(), process.env, places);
      const files = await writeFiles(out, write(input));
      const notes = exportNotes(input);
      const text = `${files} files in ${out}; ${out}/README.md says what to do with them`;
      print(json, { folder: out, files, notes }, [text, ...notes].join('\n'));
      // The bundler waits for more to build.
      process.exit(0);
    });
