"""What a person writes with aiohttp: fetch.py API MANIFEST IMAGES CAP HTTP [CA].

Polls, downloads, hashes, checks the chunks, renames, records.
"""

import asyncio
import hashlib
import json
import os
import ssl
import sys
import zlib

import aiohttp


class Chunks:
    """The chunks of a PNG as it arrives: signature, lengths, and every chunk's CRC-32, up to IEND."""

    def __init__(self):
        self.field, self.wanted, self.take = b"", 8, self.signature
        self.left = self.checksum = 0
        self.last = self.ended = False

    def update(self, piece):
        at = 0
        while at < len(piece):
            if self.ended:
                raise ValueError("bytes after IEND")
            if self.left:
                data = piece[at:at + self.left]
                self.checksum = zlib.crc32(data, self.checksum)
                self.left -= len(data)
                at += len(data)
                continue
            more = piece[at:at + self.wanted - len(self.field)]
            self.field += more
            at += len(more)
            if len(self.field) == self.wanted:
                field, self.field = self.field, b""
                self.wanted, self.take = self.take(field)

    def signature(self, field):
        if field != b"\x89PNG\r\n\x1a\n":
            raise ValueError("no PNG")
        return 8, self.head

    def head(self, field):
        self.left = int.from_bytes(field[:4], "big")
        self.checksum = zlib.crc32(field[4:])
        self.last = field[4:] == b"IEND"
        return 4, self.crc

    def crc(self, field):
        if int.from_bytes(field, "big") != self.checksum:
            raise ValueError("a chunk's CRC is wrong")
        self.ended = self.last
        return 8, self.head

    def finish(self):
        if not self.ended:
            raise ValueError("the image ends before IEND")


async def main(api, manifest, images, cap, http, ca=None):
    if http != "1.1":
        raise ValueError("aiohttp speaks HTTP/1.1")
    jobs = asyncio.Queue(maxsize=1000)
    trust = ssl.create_default_context(cafile=ca) if ca else None
    # A line is written when it ends.
    records = open(os.path.join(images, "results.jsonl"), "w", buffering=1)

    async def worker(session):
        while (id := await jobs.get()) is not None:
            headers = {"Authorization": "pictai_simulator"}
            async with session.get(f"{api}/v1/jobs/{id}", headers=headers) as reply:
                reply.raise_for_status()
                data = (await reply.json())["data"]
            if data["status"] != "completed":
                raise ValueError(f"{id} is {data['status']}")
            final, temporary = os.path.join(images, f"{id}.png"), os.path.join(images, f".{id}.part")
            digest, chunks, size = hashlib.sha256(), Chunks(), 0
            async with session.get(data["url"]) as reply:
                reply.raise_for_status()
                with open(temporary, "wb") as part:
                    async for piece in reply.content.iter_any():
                        digest.update(piece)
                        chunks.update(piece)
                        part.write(piece)
                        size += len(piece)
            chunks.finish()
            os.rename(temporary, final)
            record = {"job_id": id, "status": "downloaded", "path": final, "bytes": size, "sha256": digest.hexdigest()}
            records.write(json.dumps(record) + "\n")

    async def reader():
        with open(manifest) as lines:
            for line in lines:
                await jobs.put(json.loads(line)["job_id"])
        for _ in range(cap):
            await jobs.put(None)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=cap, ssl=trust)) as session:
        await asyncio.gather(reader(), *(worker(session) for _ in range(cap)))
    records.close()


api, manifest, images, cap, *more = sys.argv[1:]
asyncio.run(main(api, manifest, images, int(cap), *more))
