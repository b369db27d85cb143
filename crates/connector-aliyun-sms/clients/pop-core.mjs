// @alicloud/pop-core, Alibaba's former client for Node.js. Its argument is the method: GET or POST.

import popCore from "@alicloud/pop-core";
import { run } from "./cases.mjs";

const [method] = process.argv.slice(2);

await run(async (one) => {
  const client = new popCore.RPCClient({
    accessKeyId: one.accessKeyId,
    accessKeySecret: one.accessKeySecret,
    endpoint: `http://${one.host}`,
    apiVersion: "2017-05-25",
  });
  const parameters = {
    PhoneNumbers: one.phoneNumbers,
    SignName: one.signName,
    TemplateCode: one.templateCode,
    TemplateParam: one.templateParam,
  };
  try {
    const { Code, Message } = await client.request("SendSms", parameters, { method });
    return { raised: false, code: Code, message: Message };
  } catch (error) {
    return { raised: true, code: error.code, message: error.message };
  }
});
