"""True TLS on the control connection, by Python's ssl, with the interface of tls_like.Records."""
import ssl


class Tls:
    name = "REAL"

    def __init__(self, pem=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if pem else ssl.PROTOCOL_TLS_CLIENT)
        if pem:
            context.load_cert_chain(pem)
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self.come, self.go = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.ssl = context.wrap_bio(self.come, self.go, server_side=bool(pem))
        self.left = b""

    def until_done(self, step, more, send=None):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                if send:
                    send(self.go.read())
                self.come.write(more())

    def feed(self, data):
        self.come.write(data)

    def greet(self, send, more):
        self.until_done(self.ssl.do_handshake, more, send)
        send(self.go.read())

    def seal(self, data):
        self.ssl.write(data)
        return self.go.read()

    def open(self, more):
        return self.until_done(lambda: self.ssl.read(65536), more)

    def goodbye(self):
        try:
            self.ssl.unwrap()
        except ssl.SSLError:
            pass
        return self.go.read()

    def wait_goodbye(self, more):
        try:
            self.until_done(self.ssl.unwrap, more)
        except ssl.SSLError:
            pass
        self.left = self.come.read()
