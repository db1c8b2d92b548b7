package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiAccessTest {

  @TempDir Path folder;

  private Path kubeconfig(String cluster, String user) throws Exception {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts:
        - {name: there, context: {cluster: other, user: other}}
        - {name: here, context: {cluster: c, user: u, namespace: x}}
        clusters:
        - {name: other, cluster: {server: "https://192.0.2.9"}}
        - {name: c, cluster: {%s}}
        users:
        - {name: u, user: {%s}}
        """
            .formatted(cluster, user));
  }

  @Test
  @DisplayName("a plain kubeconfig: server, authority beside the file, a token file read each time")
  void plain() throws Exception {
    Files.writeString(folder.resolve("token"), "one\n");
    Path file =
        kubeconfig("server: \"https://a:6443\", certificate-authority: ca.crt", "tokenFile: token");
    assertThat(PlainKubeconfig.parse(file, Files.readString(file))).isNotNull();
    Config config = ApiAccess.fromKubeconfig(file);
    assertThat(config.getMasterUrl()).startsWith("https://a:6443");
    assertThat(config.getCaCertFile()).isEqualTo(folder.resolve("ca.crt").toString());
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("one");
    Files.writeString(folder.resolve("token"), "two\n");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("two");
  }

  @Test
  @DisplayName("what is not plain is read by Fabric8, with the same outcome")
  void notPlain() throws Exception {
    Path file = kubeconfig("server: \"https://a:6443\"", "username: me, password: secret");
    assertThat(PlainKubeconfig.parse(file, Files.readString(file))).isNull();
    Config config = ApiAccess.fromKubeconfig(file);
    assertThat(config.getMasterUrl()).startsWith("https://a:6443");
    assertThat(config.getUsername()).isEqualTo("me");
  }
}
