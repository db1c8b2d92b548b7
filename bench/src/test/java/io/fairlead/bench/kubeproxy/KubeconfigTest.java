package io.fairlead.bench.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

  @TempDir private Path folder;

  private Kubeconfig read(String cluster, String user) throws Exception {
    Path file = folder.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        current-context: here
        contexts:
        - {name: there, context: {cluster: none, user: none}}
        - {name: here, context: {cluster: c, user: u}}
        clusters:
        - {name: c, cluster: {%s}}
        users:
        - {name: u, user: {%s}}
        """
            .formatted(cluster, user));
    return Kubeconfig.read(file);
  }

  @Test
  void whatIsWrittenSaysTheSameWithEverythingInOneFile() throws Exception {
    Files.writeString(folder.resolve("ca.pem"), "authority");
    Files.writeString(folder.resolve("token"), "secret\n");
    Kubeconfig read =
        read(
            "server: \"https://api.example:8443\", certificate-authority: ca.pem,"
                + " tls-server-name: other",
            "tokenFile: token, client-certificate-data: YQ==, client-key-data: Yg==");
    assertThat(read.authority()).isEqualTo("authority");
    assertThat(read.authorization()).isEqualTo("Bearer secret");
    assertThat(read.certificate() + read.key()).isEqualTo("ab");
    assertThat(read.port()).isEqualTo(8443);
    Path copy = folder.resolve("copy");
    read.write(copy);
    assertThat(Kubeconfig.read(copy)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example, api.example, 443, true",
    "https://10.0.0.1:6443, 10.0.0.1, 6443, false",
    "'https://[fd00::1]:6443', fd00::1, 6443, false",
    "http://127.0.0.1, 127.0.0.1, 80, false"
  })
  void serversHaveNamesOrAddresses(String url, String host, int port, boolean named)
      throws Exception {
    Kubeconfig read = read("server: \"" + url + "\"", "token: t");
    assertThat(read.host()).isEqualTo(host);
    assertThat(read.port()).isEqualTo(port);
    assertThat(read.hasName()).isEqualTo(named);
  }

  @ParameterizedTest
  @CsvSource({
    "server: 'https://a', exec: {command: x}, exec",
    "server: 'https://a', username: x, username",
    "server: ftp, token: x, begins with https:",
    "'server: ''https://a'', proxy-url: x', token: x, proxy-url"
  })
  void refusesWhatItCannotDo(String cluster, String user, String sentence) {
    assertThatThrownBy(() -> read(cluster, user))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
