package dev.regent.lab.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.regent.lab.machine.LabFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("real")
class ServerBinariesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"11.4,11.4.5", "10.11,10.11.5", "11.4.5,11.4.5"})
  void findsThePublishedServerAndTrimsIt(String wanted, String version) throws IOException {
    ServerInstall install = ServerBinaries.byVersion(wanted);
    assertThat(install.version()).isEqualTo(version);
    assertThat(install.isComplete()).isTrue();
    assertThat(Files.size(install.program())).isLessThan(40L << 20);
    assertThat(ServerBinaries.askVersion(install.program())).isEqualTo(version);
  }

  @Test
  void installedServerIsFoundWithItsScripts() throws IOException {
    ServerInstall published = ServerBinaries.byVersion("11.4");
    Path home = folder.resolve("usr");
    Files.createDirectories(home.resolve("share/mariadb"));
    LabFolders.copyTree(published.share(), home.resolve("share/mariadb"));
    Path program = home.resolve("sbin/mariadbd");
    Files.createDirectories(program.getParent());
    Files.copy(published.program(), program);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

    ServerInstall install = ServerBinaries.at(program);

    assertThat(install.version()).isEqualTo("11.4.5");
    assertThat(install.share()).isEqualTo(home.toRealPath().resolve("share/mariadb"));
  }

  @Test
  void mistakesAreExplained() throws IOException {
    assertThatThrownBy(() -> ServerBinaries.at(folder))
        .hasMessageContaining("not an executable file")
        .hasMessageContaining("--server-binary");
    Path script = folder.resolve("mariadbd");
    Files.writeString(script, "#!/bin/sh\necho 'error while loading shared libraries: libx.so'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> ServerBinaries.at(script)).hasMessageContaining("libx.so");
    assertThatThrownBy(() -> ServerBinaries.byVersion("5.5"))
        .hasMessageContaining("No MariaDB 5.5 server found")
        .hasMessageContaining("regent.lab.jars");
  }
}
