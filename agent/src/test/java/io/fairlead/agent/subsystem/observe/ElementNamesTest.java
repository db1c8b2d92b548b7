package io.fairlead.agent.subsystem.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.ObjectKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementNamesTest {

  private final ObservedNames cluster = new ObservedNames();

  @ParameterizedTest
  @DisplayName("elements are called what their addresses, ports and networks are called")
  @CsvSource(
      delimiter = ';',
      value = {
        "service-ipv4; 10.96.0.80 . tcp . 80 : 8000:2; Service default/web port http",
        "endpoint-ipv4; 10.96.0.80 . tcp . 80 . 0 : 10.244.1.3 . 8080;"
            + " Service default/web port http -> pod default/web-1",
        "affinity-ipv4; 10.244.1.2 . 10.96.0.80 . tcp . 80 timeout 3h : 10.244.1.3 . 8080;"
            + " pod default/a, Service default/web port http -> pod default/web-1",
        "cluster-ip-ipv4; 10.96.0.80; Service default/web",
        "cluster-ipv4; 10.244.2.0/24; pods of node-2",
        "members; 192.168.88.12; node node-2",
        "service-ipv4; 10.96.0.99 . tcp . 80 : 8000:2; ''",
        "balance; 8000:2 : goto endpoints-2; ''",
      })
  void named(String set, String text, String name) throws Exception {
    assertThat(new ElementNames(cluster.book()).element(set, text)).isEqualTo(name);
  }

  @Test
  @DisplayName("a Service that is gone keeps its name while its elements go")
  void remembered() throws Exception {
    ElementNames names = new ElementNames(cluster.book());
    String element = "10.96.0.80 . tcp . 80 : 8000:2";
    names.element("service-ipv4", element);
    cluster.claims().update(new ObjectKey("default", "web"), null);
    assertThat(names.element("service-ipv4", element)).isEqualTo("Service default/web port http");
    assertThat(new ElementNames(cluster.book()).element("service-ipv4", element)).isEmpty();
  }

  @Test
  @DisplayName("operations of IPVS are called by their virtual servers")
  void virtualServers() throws Exception {
    assertThat(
            new ElementNames(cluster.book())
                .virtualServer("add real server 10.244.1.3:8080 to 10.96.0.80:80/tcp"))
        .isEqualTo("Service default/web port http");
  }
}
