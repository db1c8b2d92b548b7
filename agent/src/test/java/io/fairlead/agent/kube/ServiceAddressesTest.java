package io.fairlead.agent.kube;

import static io.fairlead.agent.kube.ProjectionFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** External IPs, load balancers' addresses and source ranges of an API object. */
class ServiceAddressesTest {

  @ParameterizedTest(name = "{0}")
  @DisplayName("externalIPs: canonical, each once, what is none is left out (services 7, 8)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [198.51.100.1, "2001:db8::1"]     | [198.51.100.1, 2001:db8::1] | ''
          [198.051.100.001, 198.51.100.1]   | [198.51.100.1]              | ''
          [name, 198.51.100.1]              | [198.51.100.1]              | spec.externalIPs: "name" is not an IP
          [127.0.0.1, 198.51.100.1]         | [198.51.100.1]              | spec.externalIPs: 127.0.0.1 is not the address of one
          [169.254.169.254, 198.51.100.1]   | [198.51.100.1]              | spec.externalIPs: 169.254.169.254 is not the address of one
          ["fe80::1", 198.51.100.1]         | [198.51.100.1]              | spec.externalIPs: fe80::1 is not the address of one
          ["::ffff:127.0.0.1"]              | []                          | spec.externalIPs: 127.0.0.1 is not the address of one
          [null, 198.51.100.1]              | [198.51.100.1]              | spec.externalIPs has an empty entry
          []                                | []                          | ''
          null                              | []                          | ''
          """)
  void externalIps(String given, String addresses, String problem) {
    assertThat(service("externalIPs: " + given).with(problem).service().externalIps())
        .hasToString(addresses);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("the balancer's addresses: ipMode VIP or absent (services 7, 8, 31, 32)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{ip: 192.0.2.1}]                                 | [192.0.2.1]            | ''
          [{ip: 192.0.2.1, ipMode: VIP}]                    | [192.0.2.1]            | ''
          [{ip: 192.0.2.1, ipMode: Proxy}]                  | []                     | ''
          [{ip: 192.0.2.1, ipMode: Proxy}, {ip: 192.0.2.2}] | [192.0.2.2]            | ''
          [{ip: 192.0.2.1, ipMode: Mist}, {ip: 192.0.2.2}]  | [192.0.2.2]            | status.loadBalancer.ingress has the ipMode Mist
          [{ip: 192.0.2.2}, {ip: 192.0.2.1}, {ip: "2001:db8::1"}] | [192.0.2.2, 192.0.2.1, 2001:db8::1] | ''
          [{ip: 192.0.2.1}, {ip: 192.0.2.01}]               | [192.0.2.1]            | ''
          [{hostname: lb.example}]                          | []                     | ''
          [{ip: ""}, {}, null]                              | []                     | ''
          [{ip: 192.0.2.300}]                               | []                     | status.loadBalancer.ingress: "192.0.2.300" is not an IP
          null                                              | []                     | ''
          """)
  void balancerIps(String ingress, String addresses, String problem) {
    String status = "loadBalancer: {ingress: " + ingress + "}";
    assertThat(service("", "type: LoadBalancer", status).with(problem).service().loadBalancerIps())
        .hasToString(addresses);
  }

  @ParameterizedTest
  @DisplayName(
      "what is left of a load balancer in a Service of another type is nothing" + " (services 32)")
  @CsvSource({"type: ClusterIP", "type: NodePort", "type: null"})
  void otherType(String type) {
    assertThat(
            service(
                    "",
                    type + ", loadBalancerSourceRanges: [10.0.0.0/8]",
                    "loadBalancer: {ingress: [{ip: 192.0.2.1}]}")
                .with("")
                .service())
        .satisfies(record -> assertThat(record.loadBalancerIps()).isEmpty())
        .satisfies(record -> assertThat(record.sourceRanges()).isNull());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("source ranges become canonical; what cannot be read admits nobody (services 8, 9)")
  @CsvSource(
      delimiter = '|',
      nullValues = "everybody",
      textBlock =
          """
          [10.0.0.0/8, "fd00::/8"]           | [10.0.0.0/8, fd00::/8] | ''
          [" 10.0.0.0/8 ", "\\t10.1.0.0/16"] | [10.0.0.0/8, 10.1.0.0/16] | ''
          [010.000.000.000/8]                | [10.0.0.0/8]           | ''
          [10.1.2.3/8]                       | [10.0.0.0/8]           | ''
          [0.0.0.0/0]                        | [0.0.0.0/0]            | ''
          [10.0.0.1]                         | []                     | spec.loadBalancerSourceRanges: "10.0.0.1" is not a CIDR
          [10.0.0.0/33, 10.0.0.0/8]          | [10.0.0.0/8]           | spec.loadBalancerSourceRanges: "10.0.0.0/33" is not a CIDR
          [null]                             | []                     | spec.loadBalancerSourceRanges: "" is not a CIDR
          []                                 | everybody              | ''
          null                               | everybody              | ''
          """)
  void sourceRanges(String given, String ranges, String problem) {
    assertThat(
            String.valueOf(
                service("type: LoadBalancer, loadBalancerSourceRanges: " + given)
                    .with(problem)
                    .service()
                    .sourceRanges()))
        .isEqualTo(String.valueOf((Object) ranges));
  }

  @Test
  @DisplayName("a Service of every kind at once")
  void everything() {
    assertThat(
            service(
                    "creationTimestamp: 2026-01-31T12:00:00Z",
                    """
                    type: LoadBalancer, ports: [{port: 80, nodePort: 30080}],
                    externalIPs: [198.51.100.1], externalTrafficPolicy: Local,
                    internalTrafficPolicy: Local, healthCheckNodePort: 31000,
                    loadBalancerSourceRanges: [10.0.0.0/8], sessionAffinity: ClientIP\
                    """,
                    "loadBalancer: {ingress: [{ip: 192.0.2.1}]}")
                .with("")
                .service())
        .hasToString(
            "ServiceRecord[key=default/web, created=1769860800, clusterIps=[10.96.0.1],"
                + " externalIps=[198.51.100.1], loadBalancerIps=[192.0.2.1],"
                + " sourceRanges=[10.0.0.0/8], ports=[ServicePortRecord[name=, protocol=TCP,"
                + " port=80, nodePort=30080]], internalPolicy=LOCAL, externalPolicy=LOCAL,"
                + " affinitySeconds=10800, healthCheckNodePort=31000, ipvsScheduler=]");
  }
}
