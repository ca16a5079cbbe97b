/* Sends one file and tells how much of it has gone. */

import { Offline, Refused, t } from "./desk.js";

/** Add one file to Incoming. Returns where it stands; throws Refused with the reason, or Offline. */
export function upload(file, token, onProgress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/incoming");
    request.responseType = "json";
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-csrf-token", token);
    request.setRequestHeader("x-file-name", encodeURIComponent(file.name));
    request.upload.addEventListener("progress", (event) => onProgress(event.total ? Math.round(100 * event.loaded / event.total) : 0));
    request.addEventListener("load", () => {
      const answer = request.response ?? {};
      if (request.status === 200) done(answer);
      else fail(new Refused(request.status, [{ code: "refused", text: answer.refused ?? answer.problems?.map((problem) => problem.text).join(" ") ?? t("failed") }]));
    });
    request.addEventListener("error", () => fail(new Offline(t("offline"))));
    request.send(file);
  });
}
