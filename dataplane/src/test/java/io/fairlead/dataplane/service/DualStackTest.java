package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each IP family of a Service stands for itself. */
class DualStackTest {

  private static final EndpointSliceRecord FOUR = TestSlice.of("a", "10.0.0.1");
  private static final EndpointSliceRecord SIX = TestSlice.of("b", "fd01::1");

  @ParameterizedTest(name = "cluster IPs {0}")
  @DisplayName("addresses of a family that the Service lacks are passed over (services 6, 13)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.96.0.10         | 4 10.96.0.10 192.0.2.1 198.51.100.1 node
          fd00::a            | 6 2001:db8::1 2001:db8:1::1 fd00::a node
          10.96.0.10 fd00::a | 4 10.96.0.10 192.0.2.1 198.51.100.1 node, 6 2001:db8::1 2001:db8:1::1 fd00::a node
          fd00::a 10.96.0.10 | 4 10.96.0.10 192.0.2.1 198.51.100.1 node, 6 2001:db8::1 2001:db8:1::1 fd00::a node
                             | ''
          """)
  void families(String clusterIps, String expected) {
    ServiceFragment fragment =
        new TestService()
            .clusterIps(clusterIps)
            .balancerIps("2001:db8::1 192.0.2.1")
            .externalIps("198.51.100.1 2001:db8:1::1")
            .port("", Protocol.TCP, 80, 30080)
            .fragment(SIX, FOUR);
    List<String> texts = fragment.ports().stream().map(DualStackTest::family).toList();
    assertThat(String.join(", ", texts)).isEqualTo(expected);
    for (ServicePortFragment port : fragment.ports()) {
      assertThat(FragmentText.set(port.cluster()))
          .isEqualTo(port.family() == AddressFamily.IPV4 ? "10.0.0.1" : "fd01::1");
    }
  }

  private static String family(ServicePortFragment port) {
    StringBuilder text = new StringBuilder(port.family() == AddressFamily.IPV4 ? "4" : "6");
    for (FrontendAddress address : port.frontends().keySet()) {
      assertThat(address.family()).isEqualTo(port.family());
      text.append(' ')
          .append(
              switch (address) {
                case VirtualAddress virtual -> virtual.address().toString();
                case NodePort _ -> "node";
              });
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("endpoints of one family only: the other refuses (services 13, 23)")
  @CsvSource({"10.0.0.1, 10.0.0.1, REFUSE", "fd01::1, REFUSE, fd01::1"})
  void oneFamilyServes(String endpoint, String ipv4, String ipv6) {
    List<ServicePortFragment> ports =
        new TestService()
            .clusterIps("10.96.0.10 fd00::a")
            .fragment(TestSlice.of("a", endpoint))
            .ports();
    assertThat(ports)
        .extracting(port -> FragmentText.set(port.cluster()))
        .containsExactly(ipv4, ipv6);
  }

  @ParameterizedTest(name = "in a slice of {0}")
  @DisplayName("an address that is not of its slice's family is passed over (services 6)")
  @CsvSource({"IPV4", "IPV6"})
  void foreignAddress(AddressFamily family) {
    EndpointSliceRecord slice =
        new EndpointSliceRecord(
            FOUR.key(),
            FOUR.service(),
            family,
            List.of(new EndpointPort("", Protocol.TCP, 8080)),
            List.of(TestSlice.endpoint("10.0.0.1"), TestSlice.endpoint("fd01::1")));
    List<ServicePortFragment> ports =
        new TestService().clusterIps("10.96.0.10 fd00::a").fragment(slice).ports();
    assertThat(ports)
        .extracting(port -> FragmentText.set(port.cluster()))
        .containsExactly(
            family == AddressFamily.IPV4 ? "10.0.0.1" : "REFUSE",
            family == AddressFamily.IPV6 ? "fd01::1" : "REFUSE");
  }
}
