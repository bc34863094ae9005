"""An API and a host of images for four jobs, on sockets of this machine."""

import json
import socket
import struct
import threading
import zlib

IDS = [f"f0000000-0000-4000-8000-{number:012x}" for number in range(4)]


def image(job):
    """A sound PNG of the job's own."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)
    comment = b"Comment\0" + job.encode() * 200
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", comment)
            + chunk(b"IDAT", zlib.compress((b"\0" + b"\x55" * 30) * 10)) + chunk(b"IEND", b""))


IMAGES = {job: image(job) for job in IDS}


class Server:
    """Answers every request of this machine by a function of its path, and remembers the heads."""

    def __init__(self, answer):
        self.answer, self.heads = answer, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        waiting = b""
        try:
            while True:
                while b"\r\n\r\n" not in waiting:
                    more = peer.recv(65536)
                    if not more:
                        return
                    waiting += more
                head, waiting = waiting.split(b"\r\n\r\n", 1)
                self.heads.append(head.decode())
                body = self.answer(head.split(b" ")[1].decode())
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        except OSError:
            pass
        finally:
            peer.close()


class Servers:
    """The API, and the host of the images, which must never see the key."""

    def __init__(self):
        self.images = Server(lambda path: IMAGES[path[1:37]])
        self.api = Server(self.poll)

    def poll(self, path):
        job = path[-36:]
        url = f"http://127.0.0.1:{self.images.port}/{job}.png"
        data = {"status": "completed", "url": url, "width": 10, "height": 10}
        return json.dumps({"job_id": job, "success": True, "data": data}).encode()
