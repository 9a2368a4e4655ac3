"""Receivers of syslog for tests: one of our own, and rsyslog and syslog-ng where they are installed (SYSLOG_NG_ROOT: where
syslog-ng's package was unpacked, as both cannot be installed at once). Each listens on a port of 127.0.0.1, and keeps
what it receives, byte by byte."""
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

import events

PATIENCE_S = 300 if events.LONG else 60
BUFFER = 32 * 1024 * 1024


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            events.fail("%s took more than %d s" % (what, PATIENCE_S))
        time.sleep(0.02)


def make_certificate(folder):
    """A certificate for 127.0.0.1 that is its own authority; None where there is no openssl."""
    if shutil.which("openssl") is None:
        return None
    paths = [os.path.join(folder, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
                   check=True, capture_output=True)
    return paths


class Own:
    """A receiver of our own, strict about framing; kill() leaves unread what it has not read."""
    name = "our own"

    def __init__(self, transport, folder, certificate):
        self.transport, self.certificate = transport, certificate
        self.kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.port = free_port(self.kind)
        self.messages, self.problem = [], None
        self.take = self.take_counted

    def start(self):
        self.socket = socket.socket(socket.AF_INET, self.kind)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.transport == "udp":
            with_privilege = 33  # SO_RCVBUFFORCE
            try:
                self.socket.setsockopt(socket.SOL_SOCKET, with_privilege, BUFFER)
            except OSError:
                pass
        self.socket.bind(("127.0.0.1", self.port))
        self.stopping = False
        self.thread = threading.Thread(target=self.receive if self.transport == "udp" else self.accept, daemon=True)
        if self.transport != "udp":
            self.socket.listen()
        self.socket.settimeout(0.1)
        self.thread.start()

    def receive(self):
        while not self.stopping:
            try:
                self.messages.append(self.socket.recv(65536))
            except TimeoutError:
                pass

    def accept(self):
        while not self.stopping:
            try:
                stream = self.socket.accept()[0]
            except TimeoutError:
                continue
            try:
                self.read(stream)
            except ValueError as error:
                self.problem = str(error)
            except OSError:
                pass

    def read(self, stream):
        stream.settimeout(None)
        if self.transport == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            stream = context.wrap_socket(stream, server_side=True)
        stream.settimeout(0.1)
        rest = b""
        while not self.stopping:
            try:
                more = stream.recv(65536)
            except TimeoutError:
                continue
            if not more:
                break
            rest = self.take(rest + more)
        stream.close()

    def take_lines(self, data):
        """RFC 6587, 3.4.2: a line feed ends a message."""
        *lines, rest = data.split(b"\n")
        self.messages += lines
        return rest

    def take_counted(self, data):
        """RFC 6587, 3.4.1: the size in decimal, a blank, the message."""
        while True:
            size, blank, _ = data.partition(b" ")
            if not blank:
                if len(data) > 10:
                    raise ValueError("no frame begins with %r" % data[:20])
                return data
            if not size.isdigit():
                raise ValueError("no frame begins with %r" % data[:20])
            begin = len(size) + 1
            if len(data) < begin + int(size):
                return data
            self.messages.append(data[begin:begin + int(size)])
            data = data[begin + int(size):]

    def received(self):
        if self.problem:
            events.fail(self.problem)
        return self.messages

    def count(self):
        return len(self.messages)

    def kill(self):
        self.stopping = True
        self.thread.join()
        self.socket.close()


class Daemon:
    """A receiver that writes each message on a line of its own."""

    def __init__(self, transport, folder, certificate):
        self.transport, self.folder, self.certificate = transport, folder, certificate
        self.port = free_port(socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM)
        self.log = os.path.join(folder, "received")
        self.configuration = os.path.join(folder, "receiver.conf")

    def start(self):
        with open(self.configuration, "w", encoding="ascii") as file:
            file.write(self.text())
        with open(os.path.join(self.folder, "receiver.err"), "ab") as output:
            self.process = events.start(self.command(), stdout=output, stderr=output, env=self.environment())
        if self.transport == "udp":
            time.sleep(1)
        else:
            wait_for(self.answers, "starting " + self.name)

    def environment(self):
        return dict(os.environ)

    def answers(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.folder, "receiver.err"), encoding="utf-8") as file:
                events.fail("%s ended: %s" % (self.name, file.read()[-2000:]))
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except OSError:
            return False

    def received(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, "rb") as file:
            return [line for line in file.read().split(b"\n") if line.startswith(b"<")]

    def count(self):
        return len(self.received())

    def kill(self):
        self.process.kill()
        self.process.wait()


class Rsyslog(Daemon):
    name = "rsyslog"
    program = shutil.which("rsyslogd") or ("/usr/sbin/rsyslogd" if os.path.exists("/usr/sbin/rsyslogd") else None)

    def command(self):
        return [self.program, "-n", "-f", self.configuration, "-i", os.path.join(self.folder, "receiver.pid")]

    def text(self):
        certificate = ""
        if self.transport == "tls":
            certificate = ('defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="%s" '
                           'defaultNetstreamDriverCertFile="%s" defaultNetstreamDriverKeyFile="%s"' % (
                               self.certificate[0], *self.certificate))
        settings = 'global(workDirectory="%s" maxMessageSize="1m" parser.escapeControlCharactersOnReceive="off" %s)\n' % (
            self.folder, certificate)
        if self.transport == "udp":
            module = 'module(load="imudp")\ninput(type="imudp" address="127.0.0.1" port="%d" rcvbufSize="32m")\n'
        elif self.transport == "tcp":
            module = 'module(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="%d")\n'
        else:
            module = ('module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" '
                      'StreamDriver.AuthMode="anon")\ninput(type="imtcp" address="127.0.0.1" port="%d")\n')
        return settings + module % self.port + (
            'template(name="raw" type="string" string="%%rawmsg%%\\n")\n'
            '*.* action(type="omfile" file="%s" template="raw" asyncWriting="off" ioBufferSize="256k")\n' % self.log)


class SyslogNg(Daemon):
    name = "syslog-ng"
    root = os.environ.get("SYSLOG_NG_ROOT")
    program = os.path.join(root, "usr/sbin/syslog-ng") if root else shutil.which("syslog-ng")

    def environment(self):
        if not self.root:
            return dict(os.environ)
        return {**os.environ, "LD_LIBRARY_PATH": os.path.join(self.root, "usr/lib/syslog-ng")}

    def command(self):
        command = [self.program, "-F", "--no-caps", "-f", self.configuration,
                   "-R", os.path.join(self.folder, "persist"), "-p", os.path.join(self.folder, "receiver.pid"),
                   "-c", os.path.join(self.folder, "control")]
        if self.root:
            command += ["--module-path", os.path.join(self.root, "usr/lib/syslog-ng/3.38")]
        return command

    def text(self):
        options = 'flags(store-raw-message) log-msg-size(1048576)'
        if self.transport == "udp":
            source = 'network(ip("127.0.0.1") port(%d) transport("udp") so-rcvbuf(%d) %s)' % (
                self.port, BUFFER, 'flags(syslog-protocol, store-raw-message) log-msg-size(1048576)')
        elif self.transport == "tcp":
            source = 'syslog(ip("127.0.0.1") port(%d) transport("tcp") %s)' % (self.port, options)
        else:
            source = ('syslog(ip("127.0.0.1") port(%d) transport("tls") tls(cert-file("%s") key-file("%s") '
                      'peer-verify(optional-untrusted)) %s)' % (self.port, *self.certificate, options))
        return ('@version: 3.38\noptions { flush-lines(100); };\nsource s { %s; };\n'
                'destination d { file("%s" template("$RAWMSG\\n")); };\nlog { source(s); destination(d); };\n' % (
                    source, self.log))
