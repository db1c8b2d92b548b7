package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceFragmentTest {

  private static final ObjectKey KEY = new ObjectKey("default", "web");

  private static ServiceRecord service(String clusterIp, ServicePortRecord... ports) {
    return new ServiceRecord(KEY, List.of(IpAddress.parse(clusterIp)), List.of(ports));
  }

  private static final ServiceRecord WEB =
      service("10.96.0.10", new ServicePortRecord("http", Protocol.TCP, 80));

  private static Endpoint ready(String address) {
    return new Endpoint(IpAddress.parse(address), true, true, false, null);
  }

  private static Endpoint unready(String address) {
    return new Endpoint(IpAddress.parse(address), false, false, false, null);
  }

  private static Endpoint terminating(String address, boolean serving) {
    return new Endpoint(IpAddress.parse(address), false, serving, true, null);
  }

  private static EndpointSliceRecord slice(String port, Protocol protocol, Endpoint... endpoints) {
    return new EndpointSliceRecord(
        new ObjectKey("default", "web-" + Arrays.hashCode(endpoints)),
        KEY,
        endpoints.length == 0 ? AddressFamily.IPV4 : endpoints[0].address().family(),
        List.of(new EndpointPort(port, protocol, 8080)),
        List.of(endpoints));
  }

  private static EndpointSliceRecord http(Endpoint... endpoints) {
    return slice("http", Protocol.TCP, endpoints);
  }

  private static String text(ServiceRecord service, EndpointSliceRecord... slices) {
    return ServiceFragment.of(service, List.of(slices)).addresses().toString();
  }

  @Test
  void readyEndpointsServeInOrderWhateverTheSlices() {
    assertThat(
            text(WEB, http(ready("10.244.2.2"), ready("10.244.1.9")), http(ready("10.244.1.10"))))
        .isEqualTo("{10.96.0.10:80/tcp=[10.244.1.9:8080, 10.244.1.10:8080, 10.244.2.2:8080]}");
  }

  @Test
  @DisplayName("Without a ready endpoint those that serve while terminating do (services 15, 16)")
  void terminating() {
    assertThat(
            text(
                WEB,
                http(
                    terminating("10.244.1.1", true),
                    terminating("10.244.1.2", false),
                    unready("10.244.1.3"))))
        .isEqualTo("{10.96.0.10:80/tcp=[10.244.1.1:8080]}");
    assertThat(text(WEB, http(terminating("10.244.1.1", true), ready("10.244.1.4"))))
        .isEqualTo("{10.96.0.10:80/tcp=[10.244.1.4:8080]}");
  }

  @Test
  @DisplayName("Of one address in two slices, the one not terminating counts (services 4)")
  void duplicates() {
    assertThat(text(WEB, http(terminating("10.244.1.1", true)), http(ready("10.244.1.1"))))
        .isEqualTo("{10.96.0.10:80/tcp=[10.244.1.1:8080]}");
    assertThat(text(WEB, http(ready("10.244.1.1")), http(ready("10.244.1.1"))))
        .isEqualTo("{10.96.0.10:80/tcp=[10.244.1.1:8080]}");
    // The new pod is not ready yet; the old one no longer counts.
    assertThat(text(WEB, http(terminating("10.244.1.1", true)), http(unready("10.244.1.1"))))
        .isEqualTo("{10.96.0.10:80/tcp=[]}");
  }

  @Test
  @DisplayName("Slices of another family serve nothing (services 6, 13)")
  void families() {
    ServiceRecord dual =
        new ServiceRecord(
            KEY, List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00::a")), WEB.ports());
    assertThat(
            text(dual, http(ready("10.244.1.1")), http(ready("fd01::1")), http(ready("fd01::2"))))
        .isEqualTo(
            "{10.96.0.10:80/tcp=[10.244.1.1:8080],"
                + " [fd00::a]:80/tcp=[[fd01::1]:8080, [fd01::2]:8080]}");
    assertThat(text(WEB, http(ready("fd01::1")))).isEqualTo("{10.96.0.10:80/tcp=[]}");
  }

  @Test
  @DisplayName("Ports match by name and protocol (services 10, 12)")
  void ports() {
    ServiceRecord dns =
        service(
            "10.96.0.10",
            new ServicePortRecord("dns", Protocol.UDP, 53),
            new ServicePortRecord("dns-tcp", Protocol.TCP, 53),
            new ServicePortRecord("sctp", Protocol.SCTP, 53));
    assertThat(
            text(
                dns,
                slice("dns", Protocol.UDP, ready("10.244.1.1")),
                slice("dns", Protocol.TCP, ready("10.244.1.2")),
                slice("dns-tcp", Protocol.TCP, ready("10.244.1.3"))))
        .isEqualTo(
            "{10.96.0.10:53/tcp=[10.244.1.3:8080], 10.96.0.10:53/udp=[10.244.1.1:8080],"
                + " 10.96.0.10:53/sctp=[]}");
  }
}
