"""Checks, and events as fields and in the forms of SIEMs."""
import json

import support
import awslogsrc
from awslogsrc import errors


class Checks(support.SimulatedCase):
    EVENTS = 10

    def test_check__all_is_well__says_so_of_each_step(self):
        with self.source() as source:
            steps = source.check()
            self.assertNotIn(awslogsrc.Result.FAILED, [step.result for step in steps])
            self.assertLessEqual({"identity", "permission"}, {step.name for step in steps})
            self.assertEqual(len(list(source)), self.EVENTS)

    def test_check__wrong_keys__says_what_to_do(self):
        with self.source(secret_key="wrong") as source:
            failed = [step for step in source.check() if step.result == awslogsrc.Result.FAILED]
        self.assertTrue(failed)
        self.assertTrue(failed[0].detail)
        self.assertTrue(failed[0].remedy)


class Flows(support.SimulatedCase):
    EVENTS = 10

    @classmethod
    def setUpClass(cls):
        cls.simulator = support.Simulator(events=cls.EVENTS, kind="vpc")
        cls.addClassCleanup(cls.simulator.stop)

    def test_normalize__flows__have_addresses(self):
        with self.source() as source:
            for event in source:
                record, = awslogsrc.normalize(event)
                self.assertEqual(record["kind"], "vpcflow")
                self.assertEqual(record["message"] if "message" in record else event.message, event.message)
                if "src_ip" in record:
                    self.assertIn(record["src_ip"], event.message)


class Trails(support.SimulatedCase):
    EVENTS = 20

    @classmethod
    def setUpClass(cls):
        cls.simulator = support.Simulator(events=cls.EVENTS, kind="cloudtrail")
        cls.addClassCleanup(cls.simulator.stop)

    def test_normalize__trails__have_names_and_actors(self):
        with self.source() as source:
            for event in source:
                record, = awslogsrc.normalize(event)
                self.assertEqual(record["name"], json.loads(event.message)["eventName"])
                self.assertEqual(record, awslogsrc.normalize(event.message)[0] | {
                    name: record[name] for name in record if name.startswith("log_")})

    def test_normalize__records__are_several(self):
        with self.source() as source:
            messages = [event.message for event in source]
        text = '{"Records":[%s]}' % ",".join(messages)
        self.assertEqual([record["name"] for record in awslogsrc.normalize(text)],
                         [json.loads(message)["eventName"] for message in messages])

    def test_encoder__leef__is_what_a_siem_takes(self):
        encoder = awslogsrc.Encoder("leef")
        with self.source() as source:
            for event in source:
                self.assertTrue(encoder.encode(event)[0].startswith(b"LEEF:2.0|"))

    def test_encoder__unknown_format__is_refused(self):
        with self.assertRaises(errors.OptionValueError):
            awslogsrc.Encoder("yaml")


if __name__ == "__main__":
    support.main()
