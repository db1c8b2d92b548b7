package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fairlead.agent.source.SourceException;
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
  @DisplayName("a kubeconfig that does not say which cluster is refused: none is guessed")
  void noCluster() throws Exception {
    Path file = kubeconfig("server: \"https://a:6443\"", "token: secret");
    String whole = Files.readString(file);
    for (String damaged :
        new String[] {
          "",
          whole.replace("current-context: here", ""),
          whole.replace("current-context: here", "current-context: nowhere"),
          whole.replace("cluster: c,", "cluster: elsewhere,"),
          whole.replace("server: \"https://a:6443\"", "server: null")
        }) {
      Files.writeString(file, damaged);
      assertThatThrownBy(() -> ApiAccess.fromKubeconfig(file))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("The kubeconfig " + file + " lacks ")
          .hasMessageEndingWith(". Add it, or correct --kubeconfig")
          .hasMessageNotContaining("secret");
    }
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 1});
    assertThatThrownBy(() -> ApiAccess.fromKubeconfig(file))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("it is not UTF-8 text");
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
