"""A stand-in for the API of Kubernetes, as far as `night` asks it: kubernetes.py FOLDER

FOLDER holds cert.pem and key.pem. Prints its port. A request needs the token in FOLDER/token. A Job that is created is
printed as JSON. At its second look it has ended: as FOLDER/JOB-NAME says, whose first word is the condition and second
word the exit status of its pod; else it is complete with 0. The first request of all is answered by 503.
"""

import http.server
import json
import pathlib
import ssl
import sys
import urllib.parse

import yaml

folder = pathlib.Path(sys.argv[1])
jobs = "/apis/batch/v1/namespaces/pictory/jobs"
looks = {}
requests = 0


def end_of(name):
    place = folder / name
    return place.read_text().split() if place.exists() else ["Complete", "0"]


class API(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refused(self):
        global requests
        requests += 1
        if requests == 1:
            self.answer(503, {})
        elif self.headers["Authorization"] != "Bearer " + (folder / "token").read_text().strip():
            self.answer(401, {})
        else:
            return False
        return True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.refused():
            return
        job = yaml.safe_load(body)
        name = job["metadata"]["name"]
        if self.path != jobs or self.headers["Content-Type"] != "application/yaml":
            self.answer(415, {})
        elif end_of(name)[0] == "Forbidden":
            self.answer(403, {})
        elif name in looks:
            self.answer(409, {})
        else:
            looks[name] = 0
            print(json.dumps(job), flush=True)
            self.answer(201, job)

    def do_GET(self):
        if self.refused():
            return
        url = urllib.parse.urlparse(self.path)
        name = url.path.rpartition("/")[2]
        if url.path == "/api/v1/namespaces/pictory/pods":
            wanted = urllib.parse.parse_qs(url.query)["labelSelector"][0].partition("=")
            code = int(end_of(wanted[2])[1]) if wanted[0] == "batch.kubernetes.io/job-name" else 0
            pods = [
                {"metadata": {"creationTimestamp": "2026-11-30T02:15:00Z"}, "status": {"containerStatuses": [
                    {"state": {"terminated": {"exitCode": code}}}]}},
                {"metadata": {"creationTimestamp": "2026-11-30T02:14:00Z"}, "status": {"phase": "Failed"}},
            ]
            self.answer(200, {"items": pods})
        elif url.path == f"{jobs}/{name}" and name in looks:
            looks[name] += 1
            conditions = [{"type": "SuccessCriteriaMet", "status": "True"}, {"type": "Failed", "status": "False"}]
            if looks[name] > 1:
                conditions.append({"type": end_of(name)[0], "status": "True"})
            self.answer(200, {"status": {"conditions": conditions} if looks[name] > 0 else {}})
        else:
            self.answer(404, {})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), API)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
