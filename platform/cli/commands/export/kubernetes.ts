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
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'pandect export kubernetes --out k8s --image registry.example.org/pandect@sha256:… --domain ai.example.org',
      ),
    )
    .action(async ({ out, json, ...places }: Flags) => {
      const [{ readExport }, { assertPlaces }, { exportKubernetes: write }, { writeFiles }] = await Promise.all([
        import('../../../export/read-export.ts'),
        import('../../../export/kubernetes/input.ts'),
        import('../../../export/kubernetes/export-kubernetes.ts'),
        import('../../../export/write-files.ts'),
      ]);
      assertPlaces(places);
      const input = await readExport(checkout, await loadComposition(), process.env, places);
      const files = await writeFiles(out, write(input));
      print(json, { folder: out, files }, `${files} files in ${out}; ${out}/README.md says what to do with them`);
      // The bundler waits for more to build.
      process.exit(0);
    });
