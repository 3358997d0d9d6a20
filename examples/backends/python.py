"""Python 3.10 or later: trust.pem is the bundle as PEM."""
import http.server
import signal
import ssl


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Hello, API Gateway.\n")


def trust():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile="/etc/certway/trust.pem")
    context.load_cert_chain("/etc/certway/server.crt", "/etc/certway/server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    # Without it, OpenSSL accepts only the first of several certificates with the same subject.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


class Server(http.server.ThreadingHTTPServer):
    context = trust()

    def get_request(self):
        socket, address = super().get_request()
        return self.context.wrap_socket(socket, server_side=True, do_handshake_on_connect=False), address


def reload(*_):
    Server.context = trust()


signal.signal(signal.SIGHUP, reload)  # after the bundle has changed
Server(("", 8443), Handler).serve_forever()
