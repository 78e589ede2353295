"""Conan recipe: `conan create .`; one option for each component that can be left out, named as CMake's."""

import re
from pathlib import Path

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load

# Option -> (the components it needs, the packages that its library links).
COMPONENTS = {
    "cli": (["config", "env", "local", "resolver", "resolver_toml", "resolver_yaml"], ["cli11::cli11", "fmt::fmt", "openssl::crypto"]),
    "config": ([], ["fmt::fmt"]),
    "dir": ([], ["fmt::fmt"]),
    "env": (["dotenv"], ["fmt::fmt"]),
    "local": (["crypto"], ["fmt::fmt", "sqlite3::sqlite3", "sqlitecpp::sqlitecpp"]),
    "resolver": (["dotenv"], ["fmt::fmt"]),
    "resolver_toml": (["resolver"], ["fmt::fmt"]),
    "resolver_yaml": (["resolver"], ["fmt::fmt", "libyaml::libyaml"]),
    "testing": ([], ["fmt::fmt"]),
    "vault": (["http"], ["fmt::fmt", "openssl::crypto"]),
}
# Static libraries that only other components use -> the packages that they link. A shared library has them inside.
INTERNAL = {
    "crypto": ["openssl::crypto"],
    "dotenv": ["fmt::fmt"],
    "http": ["fmt::fmt", "libcurl::libcurl", "openssl::ssl"],
}
# What is a program and no library.
PROGRAMS = ("cli",)
# What locket::all leaves out: no backends.
NOT_IN_ALL = ("cli", "config", "resolver", "resolver_toml", "resolver_yaml", "testing")


class LocketRecipe(ConanFile):
    name = "locket"
    description = "An embeddable secrets library with pluggable backends"
    license = "Apache-2.0"
    topics = ("secrets", "credentials", "security")
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False], **{name: [True, False] for name in COMPONENTS}}
    default_options = {"shared": False, "fPIC": True, **{name: True for name in COMPONENTS}}
    implements = ["auto_shared_fpic"]
    exports_sources = "CMakeLists.txt", "cmake/*", "include/*", "src/*", "backends/*", "LICENSE"

    def set_version(self):
        header = load(self, Path(self.recipe_folder) / "include/locket/version.hpp")
        self.version = re.search(r'LOCKET_VERSION_STRING "([0-9.]+)"', header).group(1)

    def layout(self):
        cmake_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)
        missing = [name for name in COMPONENTS["cli"][0] if not self.options.get_safe(name)]
        if self.options.cli and missing:
            raise ConanInvalidConfiguration(f"the option cli needs {', '.join(missing)}")

    def requirements(self):
        self.requires("fmt/[>=9 <12]")
        self.requires("rapidjson/[>=cci.20220822]", headers=True, libs=False, visible=False)
        if self.options.cli:
            self.requires("cli11/[>=2.1 <3]", headers=True, libs=False, visible=False)
        if self.options.config or self.options.resolver:
            self.requires("nlohmann_json/[>=3.11 <4]", headers=True, libs=False, visible=False)
        if self.options.config or self.options.resolver_toml:
            self.requires("tomlplusplus/[>=3.3 <4]", headers=True, libs=False, visible=False)
        if self.options.resolver_yaml:
            self.requires("libyaml/[>=0.2.5 <0.3]")
        if self.options.local:
            self.requires("sqlitecpp/[>=3.2 <4]")
            self.requires("sqlite3/[>=3.37 <4]")
        if self.options.vault:
            self.requires("libcurl/[>=7.87 <9]")
        if self.options.local or self.options.vault:
            # Before 3.2 it has no Argon2id, and for local CMake looks for the system's libargon2.
            self.requires("openssl/[>=3 <4]")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.cache_variables["LOCKET_TESTS"] = False
        for name in COMPONENTS:
            toolchain.cache_variables[f"LOCKET_{name.upper()}"] = bool(self.options.get_safe(name))
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")
        CMake(self).install()

    def package_info(self):
        # find_package(locket COMPONENTS ...) reads the files that locket installs, as everywhere else.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [str(Path("lib") / "cmake" / "locket")]
        self._component("locket", [], ["fmt::fmt"])
        enabled = [name for name in COMPONENTS if self.options.get_safe(name)]
        for name in enabled:
            if name in PROGRAMS:
                continue
            needs, packages = COMPONENTS[name]
            self._component(name, ["locket", *needs], packages)
        for name in {needed for other in enabled for needed in COMPONENTS[other][0] if needed in INTERNAL}:
            self._component(name, ["locket"], INTERNAL[name])
        built = [name for name in enabled if name not in NOT_IN_ALL]
        self._component("all", ["locket", *built], [])

    def _component(self, name, needs, packages):
        component = self.cpp_info.components[name]
        library = "locket" if name == "locket" else f"locket_{name}"
        component.libs = [] if name in INTERNAL and self.options.shared else [library]
        component.requires = needs + packages
        component.set_property("pkg_config_name", library.replace("_", "-"))
        if self.settings.os == "Linux":
            component.system_libs = ["pthread"]
