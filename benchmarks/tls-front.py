"""TLS in front of a server on this machine, as in front of a real store.

python3 tls-front.py FOLDER PORT serves the certificate in the folder, prints the port that it listens on, and passes
everything on to PORT.
"""

import asyncio
import ssl
import sys


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        pass  # Who measures ends functions in the middle of things.
    finally:
        writer.close()


async def main(folder, target):
    async def serve(reader, writer):
        store_reader, store_writer = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(copy(reader, store_writer), copy(store_reader, writer))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
