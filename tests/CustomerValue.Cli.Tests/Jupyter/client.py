"""A Jupyter client for tests. Starts the kernel that its argument names, and does what each line of standard input asks for: a list in JSON,
a method's name and its arguments. What the method returns is the next line of standard output. The first line tells the kernel's process."""
import json
import sys

from jupyter_client import KernelManager

LIMIT = 60  # seconds that anything may take


class Client:
    def __init__(self, kernel):
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=LIMIT)

    def process(self):
        return self.manager.provisioner.pid

    def execute(self, code):
        """Runs a cell: its reply, and what was published for it."""
        return self.ended(self.client.execute(code))

    def begin(self, code):
        """Sends a cell and waits until it has written something; its id."""
        sent = self.client.execute(code)
        while self._published(sent)["type"] != "stream":
            pass
        return sent

    def ended(self, sent):
        """A request's reply, and what is published for it until the kernel is idle again."""
        published = []
        while not published or published[-1]["content"].get("execution_state") != "idle":
            published.append(self._published(sent))
        told = [message for message in published if message["type"] not in ("status", "execute_input")]
        return {"reply": self._reply(sent), "published": told}

    def complete(self, code, at=None):
        return self._reply(self.client.complete(code, at))

    def inspect(self, code, at=None):
        return self._reply(self.client.inspect(code, at))

    def is_complete(self, code):
        return self._reply(self.client.is_complete(code))["status"]

    def interrupt(self):
        self.manager.interrupt_kernel()

    def restart(self):
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=LIMIT)

    def shutdown(self):
        """Asks the kernel to end; its exit code, negative where it had to be killed."""
        process = self.manager.provisioner.process
        self.client.stop_channels()
        self.manager.shutdown_kernel()
        return process.wait(LIMIT)

    def _reply(self, sent):
        return self._answer(self.client.get_shell_msg, sent)["content"]

    def _published(self, sent):
        return self._answer(self.client.get_iopub_msg, sent)

    @staticmethod
    def _answer(receive, sent):
        """The next message that answers a request; those that answer others are passed over."""
        while True:
            message = receive(timeout=LIMIT)
            if message["parent_header"].get("msg_id") == sent:
                return {"type": message["msg_type"], "content": message["content"]}


def main():
    client = Client(sys.argv[1])
    print(client.process(), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(client, name)(*arguments)), flush=True)


main()
