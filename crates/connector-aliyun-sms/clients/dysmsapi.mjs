// @alicloud/dysmsapi20170525, Alibaba's current client for Node.js. With the argument `v2` it signs with HMAC-SHA1.

import dysmsapi, { SendSmsRequest } from "@alicloud/dysmsapi20170525";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import { run } from "./cases.mjs";

const [signatureAlgorithm] = process.argv.slice(2);
const Client = dysmsapi.default;

await run(async (one) => {
  const client = new Client(
    new $OpenApiUtil.Config({
      accessKeyId: one.accessKeyId,
      accessKeySecret: one.accessKeySecret,
      endpoint: one.host,
      protocol: "http",
      signatureAlgorithm,
    }),
  );
  const request = new SendSmsRequest({
    phoneNumbers: one.phoneNumbers,
    signName: one.signName,
    templateCode: one.templateCode,
    templateParam: one.templateParam,
  });
  try {
    const { statusCode, body } = await client.sendSms(request);
    return { raised: false, status: statusCode, code: body.code, message: body.message };
  } catch (error) {
    return { raised: true, status: error.statusCode, code: error.code, message: error.message };
  }
});
