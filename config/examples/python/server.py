"""An HTTPS server that exchanges its certificate, key and client CAs on SIGHUP.

    python3 server.py --certs DIRECTORY --port PORT --pidfile FILE
"""

import argparse
import http.server
import os
import pathlib
import signal
import ssl
import sys


def read_generation(certs: pathlib.Path) -> ssl.SSLContext:
    """A new context: one that is in use must never be changed."""
    # `current` is followed once, so that the three files are of one generation.
    generation = (certs / "current").resolve()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=generation / "ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(generation / "tls.crt", generation / "tls.key")
    return context


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, port: int, certs: pathlib.Path) -> None:
        self.context = read_generation(certs)
        super().__init__(("", port), Handler)

    def finish_request(self, request, client_address):
        # In the connection's own thread, so that a slow handshake delays nobody else.
        request.settimeout(Handler.timeout)
        with self.context.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, request, client_address):
        print(f"{client_address[0]}: {sys.exc_info()[1]}", file=sys.stderr)


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 60

    def do_GET(self) -> None:
        body = b"served\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--certs", type=pathlib.Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--pidfile", type=pathlib.Path, required=True)
    options = parser.parse_args()
    server = Server(options.port, options.certs)

    def reload(*_) -> None:
        try:
            server.context = read_generation(options.certs)
            print("serving the new certificate", flush=True)
        except (OSError, ssl.SSLError) as error:
            # The old context is untouched. certpivot's probe notices, and goes back.
            print(f"keeping the old certificate: {error}", file=sys.stderr)

    signal.signal(signal.SIGHUP, reload)
    options.pidfile.write_text(f"{os.getpid()}\n")
    server.serve_forever()


main()
