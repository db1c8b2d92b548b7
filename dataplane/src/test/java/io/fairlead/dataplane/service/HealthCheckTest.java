package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {

  private static final ServiceRecord SERVICE =
      new TestService().clusterIps("10.96.0.10 fd00::a").healthCheckNodePort(31000).build();

  private static int count(ServiceRecord service, EndpointSliceRecord... slices) {
    HealthCheck check = HealthCheck.of(service, List.of(slices), "node-1");
    assertThat(check).isNotNull();
    assertThat(check.service()).isEqualTo(service.key());
    assertThat(check.port()).isEqualTo(31000);
    return check.localEndpoints();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("distinct local addresses that are ready and not terminating (services 38)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none                         |                                              | 0
          here and elsewhere           | 10.0.0.1@node-1; 10.0.0.2@node-2; 10.0.0.3   | 1
          two                          | 10.0.0.1@node-1; 10.0.0.2@node-1             | 2
          services 38, repeated        | 10.0.0.1@node-1; 10.0.0.1@node-1             | 1
          unready                      | 10.0.0.1@node-1 unready                      | 0
          services 38, draining        | 10.0.0.1@node-1 draining                     | 0
          services 38, published       | 10.0.0.1@node-1 published                    | 0
          services 4, used again       | 10.0.0.1@node-1 draining; 10.0.0.1@node-1    | 1
          services 20, hinted for another node | 10.0.0.1@node-1 node:node-2 zone:b   | 1
          """)
  void counts(String name, @Nullable String endpoints, int count) {
    assertThat(count(SERVICE, TestSlice.of("a", endpoints))).isEqualTo(count);
  }

  @Test
  @DisplayName("several ports and slices of one address count once (services 38)")
  void ports() {
    EndpointPort http = new EndpointPort("http", Protocol.TCP, 8080);
    EndpointPort metrics = new EndpointPort("metrics", Protocol.TCP, 9090);
    assertThat(
            count(
                SERVICE,
                TestSlice.of("a", "10.0.0.1@node-1", http, metrics),
                TestSlice.of("b", "10.0.0.1@node-1; 10.0.0.2@node-1", metrics)))
        .isEqualTo(2);
  }

  @Test
  @DisplayName("a pod with addresses of both families is one; of a foreign family none")
  void families() {
    EndpointSliceRecord four = TestSlice.of("a", "10.0.0.1@node-1");
    EndpointSliceRecord six = TestSlice.of("b", "fd01::1@node-1; fd01::2@node-1");
    assertThat(count(SERVICE, four, six)).isEqualTo(2);
    assertThat(count(SERVICE, four)).isEqualTo(1);
    ServiceRecord ipv4 = new TestService().healthCheckNodePort(31000).build();
    assertThat(count(ipv4, four, six)).isEqualTo(1);
  }

  @Test
  @DisplayName("who has no healthCheckNodePort is not asked")
  void none() {
    assertThat(HealthCheck.of(new TestService().build(), List.of(), "node-1")).isNull();
  }
}
