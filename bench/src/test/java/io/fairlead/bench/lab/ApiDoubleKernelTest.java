package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiDoubleKernelTest {

  @TempDir private Path tree;

  @Test
  void aNodeReadsOverHttpWhatTheManifestsSay() throws Exception {
    Manifests.Port port = new Manifests.Port("web", "TCP", 80, 8080);
    try (ApiDouble api = new ApiDouble();
        Lab lab = Lab.create(LabOptions.of(1).withDualStack(), StandIn.in(tree));
        TcpRelay _ = api.relay(lab.node(1))) {
      lab.manifests().putNode(lab.node(1), "02:00:00:00:00:01");
      lab.manifests().putService("web", List.of("10.96.0.80", "fd00:10:96::80"), port);
      lab.manifests().putEndpoints("web", List.of(), port);
      api.create(lab.manifests().folder());
      assertThat(read(lab, "/api/v1/nodes/node-1"))
          .contains("\"10.244.1.0/24\"", "\"fd00:10:244:1::/64\"", "\"fairlead.io/vtep-mac\"")
          .contains("\"192.168.88.11\"", "\"fd00:88::b\"");
      assertThat(read(lab, "/api/v1/namespaces/default/services/web"))
          .contains("\"10.96.0.80\"", "\"fd00:10:96::80\"", "\"targetPort\":8080");
      assertThat(read(lab, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/web-ipv4"))
          .contains("\"kubernetes.io/service-name\":\"web\"", "\"addressType\":\"IPv4\"");
    }
  }

  private static String read(Lab lab, String path) throws Exception {
    return lab.node(1)
        .namespace()
        .call(() -> {
          try (InputStream body = URI.create(ApiDouble.url() + path).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
          }
        });
  }
}
