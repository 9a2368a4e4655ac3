"""A wheel of Python alone finds the system's library. With AWSLOGSRC_BUNDLE=PATH, absolute since pip builds in
a folder of its choice, it carries that one."""
import os
import shutil
import sysconfig

from setuptools import setup
from setuptools.command.build_py import build_py

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel

BUNDLE = os.environ.get("AWSLOGSRC_BUNDLE")
if BUNDLE and not os.path.isabs(BUNDLE):
    raise SystemExit("AWSLOGSRC_BUNDLE=%s: an absolute path is needed" % BUNDLE)


class BuildPy(build_py):
    def run(self):
        super().run()
        if BUNDLE:
            shutil.copy(os.path.realpath(BUNDLE), os.path.join(self.build_lib, "awslogsrc", "libawslogsrc.so.1"))


class Wheel(bdist_wheel):
    """The library needs the system's libcurl, OpenSSL and so on, so that no manylinux tag would be true:
    "linux" says that the wheel is for systems like the one where it was made."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = not BUNDLE

    def get_tag(self):
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        return ("py3", "none", platform) if BUNDLE else super().get_tag()


setup(cmdclass={"build_py": BuildPy, "bdist_wheel": Wheel})
