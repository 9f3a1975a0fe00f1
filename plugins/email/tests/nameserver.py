"""A name server of this machine that knows a few names."""

import socket
import threading

import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """Answers by UDP on a free port what *records* say: {(name, type): [texts]}."""

    def __init__(self, records):
        self.records = records
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            data, peer = self.socket.recvfrom(4096)
            if data == b"stop":
                return
            self.socket.sendto(self._answer(dns.message.from_wire(data)).to_wire(), peer)

    def _answer(self, query):
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(query)
        found = self.records.get((name, kind))
        if found:
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
        elif not any(known == name for known, _kind in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join()
        self.socket.close()
