package io.fairlead.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.attachment.Bandwidth;
import io.fairlead.cni.attachment.HostPort;
import io.fairlead.cni.attachment.OptionsText;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network configuration asks for with an attachment. */
class OptionsTest {

  private static NetworkConfig config(String keys) throws CniException {
    String json =
        ("{'cniVersion':'1.1.0','name':'n'" + (keys.isEmpty() ? "" : "," + keys) + "}")
            .replace('\'', '"');
    return NetworkConfig.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static AttachmentOptions options(String keys) throws CniException {
    return config(keys).options(CniArguments.NONE);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | -
          'mtu':1400 | mtu=1400
          'mtu':0 | -
          'hairpinMode':false | hairpin=0
          'hairpinMode':true | -
          'vlan':0 | -
          'portIsolation':true | isolated=1
          'macspoofchk':false | spoofcheck=0
          'isDefaultGateway':false | defaultroute=0
          'isGateway':true,'ipMasq':true,'forceAddress':true,'bridge':'cni0','enabledad':false | -
          'promiscMode':false,'disableContainerInterface':false,'vlanTrunk':[] | -
          'runtimeConfig':{'mac':'02:00:00:00:00:07','aliases':['web']} | mac=02:00:00:00:00:07
          """)
  @DisplayName("the reference bridge's options (pod-network 8)")
  void portOptions(String keys, String word) throws Exception {
    AttachmentOptions options = options(keys);
    assertThat(OptionsText.write(options)).isEqualTo(word);
    assertThat(OptionsText.read(word)).isEqualTo(options);
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'promiscMode':true | 2 | "promiscMode": true
          'disableContainerInterface':true | 2 | "disableContainerInterface": true
          'vlanTrunk':[{'id':1}] | 2 | "vlanTrunk": [{"id":1}]
          'mtu':'1400' | 7 | "mtu" is "1400"
          'mtu':1.5 | 7 | "mtu" is 1.5
          'mtu':67 | 7 | the MTU 67 is not within
          'vlan':7 | 2 | "vlan": 7
          'vlan':'7' | 7 | "vlan" is "7"
          'hairpinMode':'yes' | 7 | "hairpinMode" is "yes"
          'runtimeConfig':{'mac':'x'} | 7 | "x" is invalid
          'runtimeConfig':{'mac':'01:00:5e:00:00:01'} | 7 | is not one that an interface can have
          'runtimeConfig':{'portMappings':{}} | 7 | is not a list
          'runtimeConfig':{'portMappings':[{'hostPort':'http'}]} | 7 | {"hostPort":"http"}
          'runtimeConfig':{'portMappings':[{'hostPort':80}]} | 7 | {"hostPort":80}
          'runtimeConfig':{'portMappings':[{'hostPort':80,'containerPort':65536}]} | 7 | 65536
          'runtimeConfig':{'portMappings':[{'hostPort':80,'containerPort':1,'protocol':'icmp'}]} | 7 | icmp
          'runtimeConfig':{'portMappings':[{'hostPort':80,'containerPort':1,'hostIP':'web'}]} | 7 | "hostIP":"web"
          'runtimeConfig':{'bandwidth':{'ingressRate':-1}} | 7 | "ingressRate" is -1
          'runtimeConfig':{'bandwidth':{'egressRate':'1M','ingressRate':1}} | 7 | "egressRate" is "1M"
          """)
  @DisplayName("what cannot be is refused by name (pod-network 7)")
  void refused(String keys, int code, String sentence) {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() -> options(keys))
        .satisfies(e -> assertThat(e.code().number()).isEqualTo(code))
        .satisfies(e -> assertThat(e.sentence()).contains(sentence));
  }

  @Test
  @DisplayName("host ports: port 0, default protocol, case, addresses, duplicates (pod-network 37)")
  void hostPorts() throws Exception {
    AttachmentOptions options =
        options(
            "'runtimeConfig':{'portMappings':["
                + "{'hostPort':0,'containerPort':80},"
                + "{'hostPort':8080,'containerPort':80,'hostIP':''},"
                + "{'hostPort':8080,'containerPort':80,'protocol':'TCP'},"
                + "{'hostPort':53,'containerPort':53,'protocol':'Udp','hostIP':'192.0.2.1'},"
                + "{'hostPort':53,'containerPort':54,'protocol':'udp','hostIP':'2001:db8::1'},"
                + "{'hostPort':9,'containerPort':9,'protocol':'sctp','hostIP':'0.0.0.0'},"
                + "{'hostPort':9,'containerPort':10,'protocol':'sctp','hostIP':'::'}]}");
    assertThat(options.hostPorts())
        .containsExactly(
            new HostPort(Protocol.TCP, null, 8080, 80),
            new HostPort(Protocol.UDP, IpAddress.parse("192.0.2.1"), 53, 53),
            new HostPort(Protocol.UDP, IpAddress.parse("2001:db8::1"), 53, 54),
            new HostPort(Protocol.SCTP, IpAddress.parse("0.0.0.0"), 9, 9),
            new HostPort(Protocol.SCTP, IpAddress.parse("::"), 9, 10));
  }

  @ParameterizedTest
  @CsvSource({"'',''", "'',192.0.2.1", "0.0.0.0,192.0.2.1", "::,2001:db8::1"})
  @DisplayName("one host port to two container ports is an error that names it (pod-network 37)")
  void contradictingHostPorts(String one, String other) {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() ->
            options(
                "'runtimeConfig':{'portMappings':[{'hostPort':80,'containerPort':1,'hostIP':'"
                    + one
                    + "'},{'hostPort':80,'containerPort':2,'hostIP':'"
                    + other
                    + "'}]}"))
        .satisfies(e -> assertThat(e.code()).isEqualTo(CniErrorCode.INVALID_CONFIG))
        .withMessageContaining("\"containerPort\":2")
        .withMessageContaining("already");
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'bandwidth':{'ingressRate':8000,'ingressBurst':16000} | 8000,16000,0,0
          'bandwidth':{'egressRate':8000,'egressBurst':4294967295} | 0,0,8000,0
          'bandwidth':{'egressRate':8000,'egressBurst':2147483647} | 0,0,8000,0
          'bandwidth':{'ingressRate':0,'ingressBurst':16000} | 0,0,0,0
          'io.kubernetes.cri.pod-annotations':{'kubernetes.io/ingress-bandwidth':'10M'} | 10000000,0,0,0
          'io.kubernetes.cri.pod-annotations':{'kubernetes.io/egress-bandwidth':'1Gi'} | 0,0,1073741824,0
          'io.kubernetes.cri.pod-annotations':{'kubernetes.io/ingress-bandwidth':'1.5k','other':'x'} | 1500,0,0,0
          'bandwidth':{'egressRate':8000},'io.kubernetes.cri.pod-annotations':{'kubernetes.io/ingress-bandwidth':'x'} | 0,0,8000,0
          'bandwidth':{},'io.kubernetes.cri.pod-annotations':{'kubernetes.io/egress-bandwidth':'1e6'} | 0,0,1000000,0
          """)
  @DisplayName("bandwidth: one direction, burst MaxUint32, annotations (pod-network 38)")
  void bandwidth(String runtime, String numbers) throws Exception {
    Bandwidth b = options("'runtimeConfig':{" + runtime + "}").bandwidth();
    assertThat(
            b.ingressRate() + "," + b.ingressBurst() + "," + b.egressRate() + "," + b.egressBurst())
        .isEqualTo(numbers);
  }

  @ParameterizedTest
  @CsvSource({"999", "2P", "fast", "10 M", "1Xi", "-1M", "''"})
  @DisplayName("an annotation that is no bandwidth is named (pod-network 38)")
  void badAnnotation(String value) {
    assertThatExceptionOfType(CniException.class)
        .isThrownBy(() ->
            options(
                "'runtimeConfig':{'io.kubernetes.cri.pod-annotations':"
                    + "{'kubernetes.io/egress-bandwidth':'"
                    + value
                    + "'}}"))
        .withMessageContaining("kubernetes.io/egress-bandwidth is \"" + value + "\"");
  }

  @Test
  void bandwidthByTheConfigurationItself() throws Exception {
    assertThat(options("'ingressRate':8000,'egressRate':9000,'egressBurst':1000").bandwidth())
        .isEqualTo(new Bandwidth(8000, 0, 9000, 1000));
  }

  @Test
  void macByArgument() throws Exception {
    assertThat(
            config("").options(new CniArguments(Map.of("MAC", "02:00:00:00:00:09"))).port().mac())
        .hasToString("02:00:00:00:00:09");
  }

  @Test
  @DisplayName("the dns capability says more than the configuration (pod-network 11)")
  void dns() throws Exception {
    NetworkConfig config =
        config(
            "'dns':{'nameservers':['192.0.2.1'],'domain':'d','search':['s'],'options':['o']},"
                + "'runtimeConfig':{'dns':{'servers':['192.0.2.2'],'searches':['t']}}");
    assertThat(config.dns())
        .hasToString("Dns[nameservers=[192.0.2.2], domain=d, search=[t], options=[o]]");
  }
}
