package io.fairlead.agent.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.ipvs.Scheduling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of Services, and what backends get to see of them. */
class ServiceConfigurationTest {

  private static final NodeRecord NODE =
      new NodeRecord(
          "node-1",
          List.of(
              IpAddress.parse("192.168.0.1"),
              IpAddress.parse("192.168.0.2"),
              IpAddress.parse("fd00:168::1")),
          List.of(Cidr.parse("10.244.1.0/24")),
          null);

  private static AgentConfiguration read(String yaml, Map<ConfigurationKey, String> flags)
      throws ConfigurationException {
    return new ConfigurationReader(Path.of("/etc/fl.yaml"), flags, _ -> null, "host")
        .parse(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static AgentConfiguration read(String yaml) throws ConfigurationException {
    return read(yaml, Map.of());
  }

  @Test
  @DisplayName("the defaults are kube-proxy's")
  void defaults() throws ConfigurationException {
    assertThat(read("").services())
        .isEqualTo(
            new ServiceConfiguration(
                new NodePortAddresses.Networks(List.of()),
                new DetectLocal.NodeCidr(),
                false,
                14,
                IptablesVariant.AUTO,
                IpvsConfiguration.DEFAULT));
    assertThat(read("").serviceSettings(NODE)).isEqualTo(ServiceSettings.ofPods(NODE.podCidrs()));
  }

  @Test
  @DisplayName("every key is read, from the file and from flags")
  void everyKey() throws ConfigurationException {
    ServiceConfiguration expected =
        new ServiceConfiguration(
            new NodePortAddresses.Networks(
                List.of(Cidr.parse("192.168.0.0/16"), Cidr.parse("fd00::/8"))),
            new DetectLocal.InterfacePrefix("cali"),
            true,
            31,
            IptablesVariant.LEGACY,
            new IpvsConfiguration(
                new IpvsSettings(
                    Scheduling.parse("mh,mh-port"),
                    List.of(Cidr.parse("10.8.0.0/16"), Cidr.parse("10.9.0.0/16")),
                    new IpvsTimeouts(5400, 90, 0),
                    0),
                true,
                false));
    assertThat(
            read("""
            proxy-mode: iptables
            nodeport-addresses: ["fd00::/8", " 192.168.000.000/16", 192.168.1.0/24]
            detect-local: interface-prefix:cali
            masquerade-all: true
            masquerade-bit: 31
            iptables-variant: legacy
            ipvs-scheduler: mh,mh-port
            ipvs-exclude-cidrs: [10.9.0.0/16, 10.8.0.0/16, 10.9.1.0/24]
            ipvs-strict-arp: true
            ipvs-tcp-timeout: 1h30m
            ipvs-tcpfin-timeout: 90s
            ipvs-udp-timeout: 0
            ipvs-drain-timeout: 0s
            ipvs-endpoint-metrics: false
            """)
                .services())
        .isEqualTo(expected);
    assertThat(
            read(
                    "masquerade-bit: 3\n",
                    Map.ofEntries(
                        entry(ConfigurationKey.NODEPORT_ADDRESSES, "fd00::/8,192.168.0.0/16"),
                        entry(ConfigurationKey.DETECT_LOCAL, "interface-prefix:cali"),
                        entry(ConfigurationKey.MASQUERADE_ALL, "true"),
                        entry(ConfigurationKey.MASQUERADE_BIT, "31"),
                        entry(ConfigurationKey.IPTABLES_VARIANT, "legacy"),
                        entry(ConfigurationKey.IPVS_SCHEDULER, "mh,mh-port"),
                        entry(ConfigurationKey.IPVS_EXCLUDE_CIDRS, "10.9.0.0/16,10.8.0.0/16"),
                        entry(ConfigurationKey.IPVS_STRICT_ARP, "true"),
                        entry(ConfigurationKey.IPVS_TCP_TIMEOUT, "90m"),
                        entry(ConfigurationKey.IPVS_TCPFIN_TIMEOUT, "1m30s"),
                        entry(ConfigurationKey.IPVS_UDP_TIMEOUT, "0s"),
                        entry(ConfigurationKey.IPVS_DRAIN_TIMEOUT, "0"),
                        entry(ConfigurationKey.IPVS_ENDPOINT_METRICS, "false")))
                .services())
        .isEqualTo(expected);
    assertThat(read("proxy-mode: iptables").proxyMode()).isEqualTo(ProxyMode.IPTABLES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nodeport-addresses: 10.0.0.1        | /etc/fl.yaml:1:21: nodeport-addresses has a bad entry: "10.0.0.1" is not a CIDR
          nodeport-addresses: [primary, 10.0.0.0/8] | nodeport-addresses has primary among others. Write primary alone, or CIDRs
          nodeport-addresses: primry          | nodeport-addresses cannot be "primry". Did you mean primary?
          nodeport-addresses: {a: b}          | gives nodeport-addresses something else than a list of words
          ipvs-scheduler: random              | /etc/fl.yaml:1:17: ipvs-scheduler cannot be used: "random" is no scheduler of IPVS; known are rr, wrr
          ipvs-scheduler: rr,mh-port          | "mh-port" is no flag of scheduler rr
          ipvs-exclude-cidrs: 10.0.0.1        | ipvs-exclude-cidrs has a bad entry: "10.0.0.1" is not a CIDR
          ipvs-strict-arp: yes                | ipvs-strict-arp cannot be "yes"
          ipvs-tcp-timeout: 900               | ipvs-tcp-timeout "900" is not a duration. Write it like 15m, 90s or 1h30m, or 0
          ipvs-udp-timeout: -1s               | ipvs-udp-timeout "-1s" is not a duration
          ipvs-tcpfin-timeout: 500ms          | ipvs-tcpfin-timeout "500ms" is not a duration
          ipvs-drain-timeout: 577h            | ipvs-drain-timeout is 577h, and the kernel counts no longer than 576h
          detect-local: nodecidr              | /etc/fl.yaml:1:15: detect-local cannot be "nodecidr". Did you mean node-cidr? It is one of node-cidr, cluster-cidr, bridge, interface-prefix:NAME, none
          detect-local: interface-prefix      | Did you mean interface-prefix:NAME?
          'detect-local: "interface-prefix:"' | detect-local "" cannot begin the name of an interface
          detect-local: interface-prefix:a/b  | detect-local "a/b" cannot begin the name of an interface
          detect-local: cluster-cidr          | detect-local is cluster-cidr, and there is no cluster-cidr. Give it
          masquerade-all: yes                 | masquerade-all cannot be "yes". It is one of true, false
          masquerade-all: treu                | masquerade-all cannot be "treu". Did you mean true?
          masquerade-bit: 32                  | masquerade-bit "32" is not a bit of the packet mark. Write a number from 0 to 31
          masquerade-bit: -1                  | masquerade-bit "-1" is not a bit
          masquerade-bit: 0x4000              | masquerade-bit "0x4000" is not a bit
          iptables-variant: nftables          | iptables-variant cannot be "nftables". It is one of auto, nft, legacy
          iptables-variant: legasy            | Did you mean legacy?
          nodeport-address: primary           | has the unknown key "nodeport-address". Did you mean nodeport-addresses?
          """)
  @DisplayName("what is wrong is said with its place and its mend")
  void oneProblem(String yaml, String sentence) {
    assertThat(catchThrowableOfType(ConfigurationException.class, () -> read(yaml)).problems())
        .singleElement()
        .asString()
        .contains(sentence);
  }

  @ParameterizedTest
  @DisplayName("which addresses serve node ports; primary ones by the Node")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                | []                                | []
          nodeport-addresses: ''            | []                                | []
          nodeport-addresses: 10.0.0.0/8    | [10.0.0.0/8]                      | [10.0.0.0/8]
          nodeport-addresses: primary       | [192.168.0.1/32, fd00:168::1/128] | []
          nodeport-addresses: [primary]     | [192.168.0.1/32, fd00:168::1/128] | []
          """)
  void nodePortAddresses(String yaml, String cidrs, String ofUnknownNode)
      throws ConfigurationException {
    assertThat(read(yaml).serviceSettings(NODE).nodePortAddresses()).hasToString(cidrs);
    assertThat(read(yaml).serviceSettings(null).nodePortAddresses()).hasToString(ofUnknownNode);
  }

  @Test
  @DisplayName("networks of one family leave the other unrestricted (services 35)")
  void oneFamily() throws ConfigurationException {
    ServiceSettings settings = read("nodeport-addresses: 10.0.0.0/8").serviceSettings(NODE);
    assertThat(settings.nodePortAddresses(AddressFamily.IPV4)).hasToString("[10.0.0.0/8]");
    assertThat(settings.nodePortAddresses(AddressFamily.IPV6)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("how pods are known; networks that nobody knows yet are no networks (services 28)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          node-cidr             | Networks[cidrs=[10.244.1.0/24]] | Unknown[]
          cluster-cidr          | Networks[cidrs=[10.244.0.0/16]] | Networks[cidrs=[10.244.0.0/16]]
          bridge                | Interface[name=br0]             | Interface[name=br0]
          interface-prefix:veth | InterfacePrefix[prefix=veth]    | InterfacePrefix[prefix=veth]
          none                  | Unknown[]                       | Unknown[]
          """)
  void detectLocal(String mode, String pods, String ofUnknownNode) throws ConfigurationException {
    AgentConfiguration configuration =
        read("cluster-cidr: 10.244.0.0/16\nbridge: br0\ndetect-local: " + mode);
    assertThat(configuration.serviceSettings(NODE).localPods()).hasToString(pods);
    assertThat(configuration.serviceSettings(null).localPods()).hasToString(ofUnknownNode);
  }

  @Test
  @DisplayName("the mark is the bit, the highest one too")
  void mark() throws ConfigurationException {
    assertThat(read("masquerade-bit: 0").serviceSettings(NODE).masqueradeMark()).isEqualTo(1);
    assertThat(read("masquerade-bit: 31").serviceSettings(NODE).masqueradeMark())
        .isEqualTo(Integer.MIN_VALUE);
    assertThat(read("service-cidr: 10.96.0.0/12").serviceSettings(NODE))
        .satisfies(settings -> assertThat(settings.masqueradeMark()).isEqualTo(1 << 14))
        .satisfies(settings -> assertThat(settings.serviceCidrs()).hasToString("[10.96.0.0/12]"))
        .satisfies(
            settings -> assertThat(settings.localPods()).isInstanceOf(LocalPods.Networks.class));
  }
}
