"""Passes connections on: forward.py LISTEN TARGET, each an address with a port, or the path of a socket."""

import asyncio
import sys


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


def place(text):
    host, _, port = text.rpartition(":")
    return (host, int(port)) if port.isdigit() else None


async def main(listen, target):
    async def serve(reader, writer):
        try:
            if place(target):
                there = await asyncio.open_connection(*place(target))
            else:
                there = await asyncio.open_unix_connection(target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

    if place(listen):
        server = await asyncio.start_server(serve, *place(listen))
    else:
        server = await asyncio.start_unix_server(serve, listen)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
