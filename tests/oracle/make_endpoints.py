#!/usr/bin/python3
"""Makes tests/fixtures/endpoints.tsv with botocore's rule engine as the oracle.

With --check the committed rows are resolved again instead, and any difference fails. Rows of a partition that
the installed botocore is too old to know are counted and left out.
"""
import pathlib
import sys

SKIPPED = 77
FIXTURE = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "endpoints.tsv"
HEADING = "# service\tregion\tfips\tdualstack\tglobal_sts\turl\tsigning_region"

try:
    import botocore
    import botocore.session
    from botocore.endpoint_provider import EndpointProvider
except ImportError:
    print("SKIPPED: this Python has no botocore, or one without endpoint rules")
    sys.exit(SKIPPED)

# Known regions of every partition, and names that only the form gives away.
REGIONS = {
    "aws": ["us-east-1", "ap-southeast-7", "mx-central-1", "us-north-9", "nowhere-1", "us-gov-1"],
    "aws-cn": ["cn-north-1", "cn-south-12"],
    "aws-us-gov": ["us-gov-east-1", "us-gov-west-1", "us-gov-south-1"],
    "aws-eusc": ["eusc-de-east-1", "eusc-de-west-2"],
    "aws-iso": ["us-iso-east-1", "us-iso-north-3"],
    "aws-iso-b": ["us-isob-east-1", "us-isob-north-3"],
    "aws-iso-e": ["eu-isoe-west-1", "eu-isoe-east-2"],
    "aws-iso-f": ["us-isof-south-1", "us-isof-north-3"],
}
GLOBAL_STS_REGIONS = ["us-east-1", "eu-west-3", "af-south-1", "cn-north-1", "aws-global"]

LOADER = botocore.session.get_session().get_component("data_loader")
PARTITIONS = LOADER.load_data("partitions")
PROVIDERS = {service: EndpointProvider(LOADER.load_service_model(service, "endpoint-rule-set-1"), PARTITIONS)
             for service in ("logs", "sts")}


def queries():
    for service in PROVIDERS:
        for regions in REGIONS.values():
            for region in regions:
                for fips in (False, True):
                    for dualstack in (False, True):
                        yield service, region, fips, dualstack, False
    for region in GLOBAL_STS_REGIONS:
        yield "sts", region, False, False, True


def resolve(query):
    service, region, fips, dualstack, global_sts = query
    parameters = {"Region": region, "UseFIPS": fips, "UseDualStack": dualstack}
    if service == "sts":
        parameters["UseGlobalEndpoint"] = global_sts
    endpoint = PROVIDERS[service].resolve_endpoint(**parameters)
    schemes = endpoint.properties.get("authSchemes", [{}])
    return endpoint.url, schemes[0].get("signingRegion", region)


def to_row(query):
    return "\t".join([*(str(field).lower() for field in query), *resolve(query)])


def known_suffixes():
    outputs = [partition["outputs"] for partition in PARTITIONS["partitions"]]
    # Old versions had placeholders for partitions that had no dual-stack or FIPS hosts yet.
    return {suffix for o in outputs if o["supportsFIPS"] and o["supportsDualStack"]
            for suffix in (o["dnsSuffix"], o["dualStackDnsSuffix"])}


def check():
    committed = [line.split("\t") for line in FIXTURE.read_text().splitlines() if not line.startswith("#")]
    suffixes = known_suffixes()
    wrong, compared = [], 0
    for service, region, fips, dualstack, global_sts, url, signing_region in committed:
        if not any(url.endswith("." + suffix) for suffix in suffixes):
            continue
        compared += 1
        query = (service, region, fips == "true", dualstack == "true", global_sts == "true")
        if resolve(query) != (url, signing_region):
            wrong.append(f"{query}: {url} {signing_region}, botocore says {resolve(query)}")
    print(f"{compared} of {len(committed)} rows compared with botocore {botocore.__version__}; "
          f"{len(committed) - compared} of partitions it does not know; {len(wrong)} differ")
    print(*wrong, sep="\n")
    return 1 if wrong or compared == 0 else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    rows = [to_row(query) for query in queries()]
    FIXTURE.write_text("\n".join([HEADING, *rows]) + "\n")
    print(f"{len(rows)} rows written, by botocore {botocore.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
