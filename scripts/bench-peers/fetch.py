"""What a person writes with aiohttp: fetch.py API MANIFEST IMAGES. Polls, downloads, hashes, renames, records."""

import asyncio
import hashlib
import json
import os
import sys

import aiohttp


async def main(api, manifest, images):
    jobs = asyncio.Queue(maxsize=1000)
    records = open(os.path.join(images, "results.jsonl"), "w")

    async def worker(session):
        while (id := await jobs.get()) is not None:
            headers = {"Authorization": "pictai_simulator"}
            async with session.get(f"{api}/v1/jobs/{id}", headers=headers) as reply:
                reply.raise_for_status()
                data = (await reply.json())["data"]
            if data["status"] != "completed":
                continue
            final = os.path.join(images, f"{id}.png")
            digest, size = hashlib.sha256(), 0
            async with session.get(data["url"]) as reply:
                reply.raise_for_status()
                with open(final + ".part", "wb") as part:
                    async for chunk in reply.content.iter_any():
                        digest.update(chunk)
                        part.write(chunk)
                        size += len(chunk)
            os.rename(final + ".part", final)
            record = {"job_id": id, "status": "downloaded", "path": final, "bytes": size, "sha256": digest.hexdigest()}
            records.write(json.dumps(record) + "\n")

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        workers = [asyncio.create_task(worker(session)) for _ in range(64)]
        with open(manifest) as lines:
            for line in lines:
                await jobs.put(json.loads(line)["job_id"])
        for _ in workers:
            await jobs.put(None)
        await asyncio.gather(*workers)
    records.close()


asyncio.run(main(*sys.argv[1:]))
