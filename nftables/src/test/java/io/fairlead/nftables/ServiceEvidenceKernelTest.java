package io.fairlead.nftables;

import static io.fairlead.dataplane.evidence.KernelObject.State.DIFFERENT;
import static io.fairlead.dataplane.evidence.KernelObject.State.MISSING;
import static io.fairlead.dataplane.evidence.KernelObject.State.PRESENT;
import static io.fairlead.nftables.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel is read to have of one frontend, and how others' hands on it show. */
class ServiceEvidenceKernelTest {

  private static final FrontendAddress WEB = virtual("10.96.0.10");
  private static final FrontendAddress BALANCER = virtual("198.51.100.7");

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private NfTablesSocket kernel;
  private ServiceTable services;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    kernel = node.call(NfTablesSocket::open);
    services = new ServiceTable(kernel);
    services.update(
        key("web"),
        SampleService.ipv4("web")
            .cluster("10.244.1.3:8080", "10.244.2.3:8080")
            .local("10.244.1.3:8080")
            .affinity(600)
            .clusterIp("10.96.0.10:80")
            .balancer("198.51.100.7:80", Reach.LOCAL_FROM_OUTSIDE, "203.0.113.0/24", "192.0.2.7/32")
            .nodePort(30080, Reach.CLUSTER)
            .build());
    services.update(key("none"), SampleService.ipv4("none").clusterIp("10.96.0.11:80").build());
    services.commit();
  }

  @AfterEach
  void close() throws Exception {
    kernel.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private static FrontendAddress virtual(String address) {
    return new VirtualAddress(IpAddress.parse(address), Protocol.TCP, 80);
  }

  private List<String> evidence(FrontendAddress address) throws Exception {
    return services.backend.evidence(address).stream()
        .map(object -> object.state() + " " + object.place() + ": " + object.text())
        .toList();
  }

  private List<String> changed(FrontendAddress address) throws Exception {
    return evidence(address).stream().filter(line -> !line.startsWith("PRESENT")).toList();
  }

  @Test
  void allOfAServiceIsThereInTheOrderOfPackets() throws Exception {
    assertThat(evidence(WEB))
        .filteredOn(line -> !line.contains("l4proto udp") && !line.contains("l4proto sctp"))
        .containsExactly(
            "PRESENT map inet fairlead service-ipv4: 10.96.0.10 . tcp . 80 : a000:2",
            "PRESENT set inet fairlead masquerade-outside: a000:2",
            "PRESENT map inet fairlead balance: a000:2 : goto affinity-endpoints-2",
            "PRESENT chain inet fairlead affinity-endpoints-2: meta priority set none",
            "PRESENT chain inet fairlead affinity-endpoints-2: dnat ip to ip saddr . ip daddr ."
                + " meta l4proto . th dport map @affinity-ipv4",
            "PRESENT chain inet fairlead affinity-endpoints-2: dnat ip6 to ip6 saddr . ip6 daddr ."
                + " meta l4proto . th dport map @affinity-ipv6",
            "PRESENT chain inet fairlead affinity-endpoints-2: goto endpoints-2",
            "PRESENT chain inet fairlead endpoints-2: meta priority set none",
            "PRESENT chain inet fairlead endpoints-2: dnat ip to ip daddr . meta l4proto . th dport"
                + " . numgen random mod 2 map @endpoint-ipv4",
            "PRESENT chain inet fairlead endpoints-2: dnat ip6 to ip6 daddr . meta l4proto ."
                + " th dport . numgen random mod 2 map @endpoint-ipv6",
            "PRESENT map inet fairlead endpoint-ipv4: 10.96.0.10 . tcp . 80 . 0 : 10.244.1.3 . 8080"
                + " # slot 0 -> 10.244.1.3:8080",
            "PRESENT map inet fairlead endpoint-ipv4: 10.96.0.10 . tcp . 80 . 1 : 10.244.2.3 . 8080"
                + " # slot 1 -> 10.244.2.3:8080",
            "PRESENT set inet fairlead connection-ipv4: 10.96.0.10 . tcp . 80",
            "PRESENT map inet fairlead affinity-service-ipv4: 10.96.0.10 . tcp . 80 :"
                + " goto remember-600-ipv4",
            "PRESENT chain inet fairlead remember-600-ipv4: meta nfproto ipv4 meta l4proto tcp"
                + " update @affinity-ipv4 { ct original ip saddr . ct original ip daddr ."
                + " meta l4proto . ct original proto-dst timeout 600000ms :"
                + " ct reply ip saddr . ct reply proto-src }",
            "PRESENT set inet fairlead hairpin-ipv4: 10.244.1.3 . 10.244.1.3",
            "PRESENT set inet fairlead traffic-ipv4: 10.96.0.10 . tcp . 80",
            "PRESENT set inet fairlead cluster-ip-ipv4: 10.96.0.10");
    assertThat(services.backend.evidence(WEB))
        .filteredOn(KernelObject::isCounted)
        .extracting(KernelObject::place)
        .containsExactly("set inet fairlead connection-ipv4", "set inet fairlead traffic-ipv4");
  }

  @Test
  void otherKindsOfFrontendsAreTold() throws Exception {
    assertThat(evidence(BALANCER))
        .startsWith(
            "PRESENT set inet fairlead restricted-ipv4: 198.51.100.7 . tcp . 80",
            "PRESENT set inet fairlead allowed-ipv4: 198.51.100.7 . tcp . 80 . 192.0.2.7",
            "PRESENT set inet fairlead allowed-ipv4: 198.51.100.7 . tcp . 80 . 203.0.113.0/24",
            "PRESENT set inet fairlead blocked-ipv4: 198.51.100.7 . tcp . 80")
        .contains(
            "PRESENT map inet fairlead endpoint-ipv4: 198.51.100.7 . tcp . 80 . 16777216 :"
                + " 10.244.1.3 . 8080 # local slot 0 -> 10.244.1.3:8080");
    assertThat(changed(BALANCER)).isEmpty();
    NodePort port = new NodePort(AddressFamily.IPV4, Protocol.TCP, 30080);
    assertThat(evidence(port))
        .startsWith("PRESENT map inet fairlead node-port-service-ipv4: tcp . 30080 : e800:2");
    assertThat(changed(port)).isEmpty();
    assertThat(evidence(virtual("10.96.0.11")))
        .containsExactly(
            "PRESENT set inet fairlead connection-ipv4: 10.96.0.11 . tcp . 80",
            "PRESENT set inet fairlead traffic-ipv4: 10.96.0.11 . tcp . 80",
            "PRESENT set inet fairlead refused-ipv4: 10.96.0.11 . tcp . 80",
            "PRESENT set inet fairlead cluster-ip-ipv4: 10.96.0.11");
    assertThat(evidence(virtual("10.96.0.99"))).isEmpty();
  }

  private void nft(String line) {
    node.run(("nft " + line).split(" "));
  }

  @Test
  void whatOthersDidIsTold() throws Exception {
    nft("delete element inet fairlead service-ipv4 { 10.96.0.10 . tcp . 80 }");
    nft("delete element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 1 }");
    nft("add element inet fairlead endpoint-ipv4 { 10.96.0.10 . tcp . 80 . 1 : 10.9.9.9 . 99 }");
    nft("add element inet fairlead refused-ipv4 { 10.96.0.10 . tcp . 80 }");
    nft("flush chain inet fairlead endpoints-2");
    nft("add rule inet fairlead endpoints-2 drop");
    nft("delete element inet fairlead allowed-ipv4 { 198.51.100.7 . tcp . 80 . 192.0.2.7 }");
    String chain = " chain inet fairlead endpoints-2: ";
    String map = "map inet fairlead ";
    assertThat(changed(WEB))
        .contains(
            MISSING + " " + map + "service-ipv4: 10.96.0.10 . tcp . 80 : a000:2",
            DIFFERENT + chain + "found drop, wanted meta priority set none",
            DIFFERENT
                + (" " + map + "endpoint-ipv4: found 10.96.0.10 . tcp . 80 . 1 : 10.9.9.9 . 99,")
                + " wanted 10.96.0.10 . tcp . 80 . 1 : 10.244.2.3 . 8080"
                + " # slot 1 -> 10.244.2.3:8080",
            DIFFERENT
                + " set inet fairlead refused-ipv4: found 10.96.0.10 . tcp . 80, wanted nothing")
        .hasSize(6);
    assertThat(changed(BALANCER))
        .containsOnlyOnce(
            MISSING + " set inet fairlead allowed-ipv4: 198.51.100.7 . tcp . 80 . 192.0.2.7");
    nft("delete table inet fairlead");
    assertThat(services.backend.evidence(WEB)).isNotEmpty().noneMatch(it -> it.state() == PRESENT);
  }

  @Test
  void theBaseOfAllModesIsTold() throws Exception {
    assertThat(services.backend.baseEvidence(AddressFamily.IPV4))
        .allMatch(object -> object.state() == PRESENT)
        .extracting(object -> object.place() + ": " + object.text())
        .contains(
            "chain inet fairlead nat-postrouting: ip saddr @local-pods-ipv4 ip daddr"
                + " != @unmasqueraded-ipv4 masquerade fully-random"
                + " comment \"pods to the outside\"",
            "set inet fairlead local-pods-ipv4: 10.244.1.0/24",
            "set inet fairlead unmasqueraded-ipv4: 255.255.255.255");
    nft("delete element inet fairlead local-pods-ipv4 { 10.244.1.0/24 }");
    nft("add element inet fairlead local-pods-ipv4 { 10.244.0.0/23 }");
    assertThat(services.backend.baseEvidence(AddressFamily.IPV4))
        .filteredOn(object -> object.state() == DIFFERENT)
        .extracting(KernelObject::text)
        .containsExactly("found 10.244.0.0/23, wanted 10.244.1.0/24");
    assertThat(services.backend.baseEvidence(AddressFamily.IPV6))
        .allMatch(object -> object.state() == PRESENT);
  }
}
