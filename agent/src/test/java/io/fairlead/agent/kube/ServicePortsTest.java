package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Node ports and health check ports of an API object. */
class ServicePortsTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("node ports of the types that have them; ports 0 and 65536 are none (services 7)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: NodePort, ports: [{port: 80, nodePort: 30080}]         | 30080 | ''
          type: LoadBalancer, ports: [{port: 80, nodePort: 30080}]     | 30080 | ''
          type: ClusterIP, ports: [{port: 80, nodePort: 30080}]        | 0     | ''
          ports: [{port: 80, nodePort: 30080}]                         | 0     | ''
          type: NodePort, ports: [{port: 80}]                          | 0     | ''
          type: NodePort, ports: [{port: 80, nodePort: 0}]             | 0     | ''
          type: NodePort, ports: [{port: 80, nodePort: 65535}]         | 65535 | ''
          type: NodePort, ports: [{port: 80, nodePort: 65536}]         | 0     | spec.ports[0].nodePort has the port 65536, not 1 to 65535
          type: NodePort, ports: [{port: 80, nodePort: -1}]            | 0     | spec.ports[0].nodePort has the port -1
          """)
  void nodePort(String spec, int nodePort, String problem) {
    assertThat(service(spec).with(problem).service().ports())
        .extracting(ServicePortRecord::nodePort)
        .containsExactly(nodePort);
  }

  @Test
  @DisplayName(
      "a node port given twice is the first one's; another protocol's is another"
          + " (services 12)")
  void repeatedNodePort() {
    assertThat(
            service(
                    """
                    type: NodePort, ports: [{name: a, port: 1, nodePort: 30080},
                    {name: b, port: 2, nodePort: 30080},
                    {name: c, port: 1, nodePort: 30080, protocol: UDP}]\
                    """)
                .with("spec.ports[1].nodePort repeats TCP 30080")
                .service()
                .ports())
        .extracting(ServicePortRecord::nodePort)
        .containsExactly(30080, 0, 30080);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName(
      "balancers that keep to local endpoints ask on the health check's port (services 38)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000   | 31000 | ''
          type: LoadBalancer, externalTrafficPolicy: Local                               | 0     | ''
          type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 0       | 0     | ''
          type: LoadBalancer, externalTrafficPolicy: Cluster, healthCheckNodePort: 31000 | 0     | ''
          type: NodePort, externalTrafficPolicy: Local, healthCheckNodePort: 31000       | 0     | ''
          externalIPs: [192.0.2.1], externalTrafficPolicy: Local, healthCheckNodePort: 31000 | 0 | ''
          type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 65536   | 0     | spec.healthCheckNodePort has the port 65536
          """)
  void healthCheck(String spec, int port, String problem) {
    assertThat(service(spec).with(problem).service().healthCheckNodePort()).isEqualTo(port);
  }

  @Test
  @DisplayName("names at their longest are kept whole")
  void longestNames() {
    String longest = "n".repeat(63);
    assertThat(service("ports: [{name: " + longest + ", port: 80}]").with("").service().ports())
        .extracting(ServicePortRecord::name)
        .isEqualTo(List.of(longest));
  }
}
