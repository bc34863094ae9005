"""nginx, which serves replies and images from memory on loopback, and a long way to it."""

import contextlib
import os
import socket
import subprocess
import time

from machine import done
from measuring import picture


def free_ports(count):
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]


def has_ipv6():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def await_port(port, process, log):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.02)
    raise SystemExit(f"{process.args[0]} does not listen. {log.read_text() if log.exists() else ''}")


def make_certificate(folder):
    """A throw-away authority, and a certificate of it for this machine."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    done(["openssl", "req", "-x509", *key, "-subj", "/CN=bench", "-keyout", folder / "ca.key", "-out", folder / "ca.pem",
          "-addext", "keyUsage=critical,keyCertSign"])
    done(["openssl", "req", *key[:-2], "-subj", "/CN=localhost", "-keyout", folder / "tls.key", "-out", folder / "tls.csr"])
    (folder / "tls.cnf").write_text("subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n"
                                    "basicConstraints=critical,CA:FALSE\n")
    done(["openssl", "x509", "-req", "-in", folder / "tls.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
          "-CAcreateserial", "-days", "2", "-extfile", folder / "tls.cnf", "-out", folder / "tls.pem"])


class Nginx:
    """The server: `plain` and `secure` are where it is, `ca` is the file that makes the latter trusted."""

    def __init__(self, work):
        self.work = work
        # The far server is reached by two ways, one to the API and one to the images.
        self.plain_port, self.tls_port, self.far_port, self.far_api_port, self.far_images_port = free_ports(5)
        self.plain = f"http://127.0.0.1:{self.plain_port}"
        self.secure = f"https://localhost:{self.tls_port}"
        self.far = f"http://127.0.0.1:{self.far_api_port}"
        self.ca = work / "ca.pem"
        (work / "served/one.png").write_bytes(picture(1000))
        make_certificate(work)
        (work / "nginx.conf").write_text(self.settings())
        self.process = subprocess.Popen(["nginx", "-c", work / "nginx.conf", "-p", work], stderr=subprocess.DEVNULL)
        await_port(self.plain_port, self.process, work / "nginx.log")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def settings(self):
        work = self.work
        # The replies are made by nginx itself; the cache of open files stays well below the limit of open files.
        user = "user root;" if os.geteuid() == 0 else ""
        secure = [f"127.0.0.1:{self.tls_port}"] + [f"[::1]:{self.tls_port}"] * has_ipv6()
        servers = [
            self.server([f"127.0.0.1:{self.plain_port} backlog=4096 reuseport"], self.plain),
            self.server([f"{address} ssl http2 backlog=4096 reuseport" for address in secure], self.secure),
            self.server([f"127.0.0.1:{self.far_port} backlog=4096 reuseport"],
                        f"http://127.0.0.1:{self.far_images_port}"),
        ]
        return f"""
            {user} daemon off; master_process on; worker_processes 2; pid {work}/nginx.pid;
            error_log {work}/nginx.log warn; worker_rlimit_nofile 65536;
            events {{ worker_connections 8192; }}
            http {{
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; keepalive_timeout 60s;
                open_file_cache max=4000 inactive=60s; types {{ image/png png; }}
                ssl_protocols TLSv1.3; ssl_certificate {work}/tls.pem; ssl_certificate_key {work}/tls.key;
                client_body_temp_path {work}/nginx-body; proxy_temp_path {work}/nginx-proxy;
                fastcgi_temp_path {work}/nginx-fastcgi; uwsgi_temp_path {work}/nginx-uwsgi;
                scgi_temp_path {work}/nginx-scgi;
                {"".join(servers)}
            }}
            """

    def server(self, addresses, images):
        """One that says of every job that its image is there, at `images`, and has the images too."""
        return f"""
            server {{
                {" ".join(f"listen {address};" for address in addresses)}
                root {self.work}/served;
                location ~ ^/busy/pictoryapis/v1/jobs/([0-9a-f-]+)$ {{
                    default_type application/json;
                    return 200 '{{"job_id":"$1","success":true,"data":{{"status":"in-progress"}}}}';
                }}
                location ~ ^/([a-z-]+)/pictoryapis/v1/jobs/([0-9a-f-]+)$ {{
                    default_type application/json;
                    return 200
                        '{{"job_id":"$2","success":true,"data":{{"status":"completed","url":"{images}/$1/$2.png"}}}}';
                }}
                location /many/ {{ try_files /one.png =404; }}
                location / {{ }}
            }}
            """


@contextlib.contextmanager
def long_way(nginx, program, reply, connection):
    """The way to the far API and the far images: so many milliseconds for a reply, and for a connection."""
    ways = []
    try:
        for port in (nginx.far_api_port, nginx.far_images_port):
            ways.append(subprocess.Popen(list(map(str, [program, port, nginx.far_port, reply, connection]))))
            await_port(port, ways[-1], nginx.work / "nginx.log")
        yield nginx.far
    finally:
        for way in ways:
            way.terminate()
            way.wait()
