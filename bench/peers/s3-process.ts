import { startS3Server } from '../../platform/testing/s3-server.ts';

const server = await startS3Server();
const { endpoint, bucket, region, accessKeyId, secretAccessKey } = server;
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
console.log(JSON.stringify({ endpoint, bucket, region, accessKeyId, secretAccessKey }));
