package io.fairlead.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.protocol.CniResult.Address;
import io.fairlead.cni.protocol.CniResult.Dns;
import io.fairlead.cni.protocol.CniResult.Interface;
import io.fairlead.cni.protocol.CniResult.Route;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniProtocolTest {

  private static final CniResult RESULT =
      new CniResult(
          List.of(
              new Interface("fairlead0", "0a:00:00:00:00:01", 1450, ""),
              new Interface("eth0", "0a:00:00:00:00:02", 1450, "/run/netns/a")),
          List.of(
              new Address(IpAddress.parse("10.1.0.2"), 24, IpAddress.parse("10.1.0.1"), 1),
              new Address(IpAddress.parse("fd00::2"), 64, IpAddress.parse("fd00::1"), 1)),
          List.of(
              new Route(
                  Cidr.parse("0.0.0.0/0"), IpAddress.parse("10.1.0.1"), 1400, 1360, 5L, 254L, 0),
              new Route(Cidr.parse("::/0"), IpAddress.parse("fd00::1"))),
          Dns.NONE);

  private final RecordingVerbs verbs = new RecordingVerbs(RESULT);

  private static Map<String, String> environment(String command) {
    Map<String, String> variables = new HashMap<>();
    variables.put("CNI_COMMAND", command);
    variables.put("CNI_CONTAINERID", "c1");
    variables.put("CNI_NETNS", "/run/netns/a");
    variables.put("CNI_IFNAME", "eth0");
    variables.put("CNI_ARGS", "IgnoreUnknown=1;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=pod;Other=x");
    return variables;
  }

  private CniResponse answer(Map<String, String> environment, String config) {
    return CniProtocol.answer(
        new CniRequest(environment, config.getBytes(StandardCharsets.UTF_8)), verbs);
  }

  private static JsonNode json(CniResponse response) throws Exception {
    return NetworkConfig.JSON.readTree(response.stdout());
  }

  private void assertError(CniResponse response, int code, String sentence) throws Exception {
    assertThat(response.exitCode()).isEqualTo(1);
    assertThat(json(response).path("code").asInt()).as(response.text()).isEqualTo(code);
    assertThat(json(response).path("msg").asText()).contains(sentence);
  }

  @ParameterizedTest
  @DisplayName("results convert to every version (pod-network 9)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0.1.0|{'cniVersion':'0.1.0','ip4':{'ip':'10.1.0.2/24','gateway':'10.1.0.1','routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'}]},'ip6':{'ip':'fd00::2/64','gateway':'fd00::1','routes':[{'dst':'::/0','gw':'fd00::1'}]}}",
        "0.2.0|{'cniVersion':'0.2.0','ip4':{'ip':'10.1.0.2/24','gateway':'10.1.0.1','routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'}]},'ip6':{'ip':'fd00::2/64','gateway':'fd00::1','routes':[{'dst':'::/0','gw':'fd00::1'}]}}",
        "0.3.0|{'cniVersion':'0.3.0','interfaces':[{'name':'fairlead0','mac':'0a:00:00:00:00:01'},{'name':'eth0','mac':'0a:00:00:00:00:02','sandbox':'/run/netns/a'}],'ips':[{'version':'4','interface':1,'address':'10.1.0.2/24','gateway':'10.1.0.1'},{'version':'6','interface':1,'address':'fd00::2/64','gateway':'fd00::1'}],'routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'},{'dst':'::/0','gw':'fd00::1'}]}",
        "0.3.1|{'cniVersion':'0.3.1','interfaces':[{'name':'fairlead0','mac':'0a:00:00:00:00:01'},{'name':'eth0','mac':'0a:00:00:00:00:02','sandbox':'/run/netns/a'}],'ips':[{'version':'4','interface':1,'address':'10.1.0.2/24','gateway':'10.1.0.1'},{'version':'6','interface':1,'address':'fd00::2/64','gateway':'fd00::1'}],'routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'},{'dst':'::/0','gw':'fd00::1'}]}",
        "0.4.0|{'cniVersion':'0.4.0','interfaces':[{'name':'fairlead0','mac':'0a:00:00:00:00:01'},{'name':'eth0','mac':'0a:00:00:00:00:02','sandbox':'/run/netns/a'}],'ips':[{'version':'4','interface':1,'address':'10.1.0.2/24','gateway':'10.1.0.1'},{'version':'6','interface':1,'address':'fd00::2/64','gateway':'fd00::1'}],'routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'},{'dst':'::/0','gw':'fd00::1'}]}",
        "1.0.0|{'cniVersion':'1.0.0','interfaces':[{'name':'fairlead0','mac':'0a:00:00:00:00:01'},{'name':'eth0','mac':'0a:00:00:00:00:02','sandbox':'/run/netns/a'}],'ips':[{'interface':1,'address':'10.1.0.2/24','gateway':'10.1.0.1'},{'interface':1,'address':'fd00::2/64','gateway':'fd00::1'}],'routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1'},{'dst':'::/0','gw':'fd00::1'}]}",
        "1.1.0|{'cniVersion':'1.1.0','interfaces':[{'name':'fairlead0','mac':'0a:00:00:00:00:01','mtu':1450},{'name':'eth0','mac':'0a:00:00:00:00:02','sandbox':'/run/netns/a','mtu':1450}],'ips':[{'interface':1,'address':'10.1.0.2/24','gateway':'10.1.0.1'},{'interface':1,'address':'fd00::2/64','gateway':'fd00::1'}],'routes':[{'dst':'0.0.0.0/0','gw':'10.1.0.1','mtu':1400,'advmss':1360,'priority':5,'table':254,'scope':0},{'dst':'::/0','gw':'fd00::1'}]}",
      })
  void everyVersionOut(String version, String expected) throws Exception {
    String config = "{\"cniVersion\":\"" + version + "\",\"name\":\"n\",\"unknown\":[{}]}";
    CniResponse response = answer(environment("ADD"), config);
    assertThat(response.text()).isEqualTo(expected.replace('\'', '"') + "\n");
    assertThat(response.exitCode()).isZero();
    assertThat(verbs.calls).containsExactly("add n/c1/eth0 ns/pod");

    // What was written is read again, and CHECK sees it (0.4.0 and later).
    CniResponse check =
        answer(
            environment("CHECK"),
            config.replace("\"unknown\":[{}]", "\"prevResult\":" + response.text()));
    if (version.compareTo("0.4.0") < 0) {
      assertError(check, 1, "CHECK exists since CNI 0.4.0");
    } else {
      assertThat(check).isEqualTo(CniResponse.of(0, ""));
      assertThat(verbs.calls.getLast()).isEqualTo("check n/c1/eth0 [10.1.0.2/24, fd00::2/64]");
    }
  }

  @ParameterizedTest
  @DisplayName(
      "a result of any version is read as prevResult and passed through (pod-network 9, 11)")
  @ValueSource(strings = {"0.2.0", "0.3.1", "1.0.0", "1.1.0"})
  void everyVersionIn(String version) throws Exception {
    String first =
        answer(environment("ADD"), "{\"cniVersion\":\"" + version + "\",\"name\":\"n\"}").text();
    CniResult read = ResultReader.read(NetworkConfig.JSON.readTree(first));
    assertThat(read.addresses())
        .extracting(Address::toString)
        .containsExactly("10.1.0.2/24", "fd00::2/64");
    assertThat(ResultJson.write(read, CniVersion.parse(version)) + "\n").isEqualTo(first);
  }

  @Test
  @DisplayName("prevResult keeps its DNS, routes and interfaces (pod-network 11)")
  void passThrough() throws Exception {
    String previous =
        """
        {"cniVersion":"1.0.0","interfaces":[{"name":"dummy0"}],
         "ips":[{"address":"192.0.2.1/32","interface":0}],
         "routes":[{"dst":"192.0.2.0/24"}],"dns":{"nameservers":["9.9.9.9"],"search":["a"]}}\
        """;
    JsonNode result =
        json(
            answer(
                environment("ADD"),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":" + previous + "}"));
    assertThat(result.at("/interfaces/0/name").asText()).isEqualTo("dummy0");
    assertThat(result.at("/interfaces/2/name").asText()).isEqualTo("eth0");
    assertThat(result.at("/ips/0/interface").asInt()).isZero();
    assertThat(result.at("/ips/1/interface").asInt()).isEqualTo(2);
    assertThat(result.at("/routes/0/dst").asText()).isEqualTo("192.0.2.0/24");
    assertThat(result.path("routes")).hasSize(3);
    assertThat(result.path("dns").toString())
        .isEqualTo("{\"nameservers\":[\"9.9.9.9\"],\"search\":[\"a\"]}");
  }

  @ParameterizedTest
  @DisplayName("invalid variables are code 4 and named (pod-network 7)")
  @CsvSource({
    "CNI_COMMAND, FOO, is unknown",
    "CNI_COMMAND, add, is unknown",
    "CNI_COMMAND, '', is unknown",
    "CNI_CONTAINERID, '', is missing",
    "CNI_CONTAINERID, 'a/b', is invalid",
    "CNI_CONTAINERID, '-a', is invalid",
    "CNI_CONTAINERID, '../a', is invalid",
    "CNI_CONTAINERID, 'a b', is invalid",
    "CNI_NETNS, '', is missing",
    "CNI_IFNAME, '', is missing",
    "CNI_IFNAME, '.', is invalid",
    "CNI_IFNAME, '..', is invalid",
    "CNI_IFNAME, 'a/b', is invalid",
    "CNI_IFNAME, 'a:b', is invalid",
    "CNI_IFNAME, 'a b', is invalid",
    "CNI_IFNAME, 'sixteencharacter', is invalid",
    "CNI_ARGS, 'Other=1', unknown key",
    "CNI_ARGS, 'IgnoreUnknown=0;Other=1', unknown key",
    "CNI_ARGS, 'IgnoreUnknown=1;Other', not of the form",
  })
  void invalidVariables(String name, String value, String sentence) throws Exception {
    Map<String, String> variables = environment("ADD");
    variables.put(name, value);
    CniResponse response = answer(variables, "{\"cniVersion\":\"0.3.1\",\"name\":\"n\"}");
    assertError(response, 4, sentence);
    assertThat(response.text()).contains(name);
    assertThat(verbs.calls).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("invalid configurations are named (pod-network 7)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|6|not a JSON object",
        "{|6|is not JSON",
        "{} x|6|is not JSON",
        "[]|6|not a JSON object",
        "{}|7|no \"name\"",
        "{\"name\":\"a/b\"}|7|is invalid",
        "{\"cniVersion\":\"9.9.9\",\"name\":\"n\"}|1|\"9.9.9\"",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":5}|6|prevResult",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":{\"ips\":[{\"address\":\"x\"}]}}|6|\"x\"",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":{\"routes\":[{\"dst\":\"10.0.0.0\"}]}}|6|route",
      })
  void invalidConfigurations(String config, int code, String sentence) throws Exception {
    assertError(answer(environment("ADD"), config), code, sentence);
    assertThat(verbs.calls).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("unknown keys are accepted, unknown arguments with IgnoreUnknown (pod-network 8)")
  @ValueSource(strings = {"IgnoreUnknown=1", "IgnoreUnknown=true", "IgnoreUnknown=T"})
  void unknownIsAccepted(String ignore) throws Exception {
    String config =
        """
        {"cniVersion":"1.0.0","name":"n","example.com/key":{"a":[1]},
         "args":{"labels":{"a":"b"},"cni":{"unknown":1}},"runtimeConfig":{"unknown":{}}}\
        """;
    Map<String, String> variables = environment("ADD");
    variables.put("CNI_ARGS", ignore + ";Other=x;K8S_POD_NAMESPACE=ns;K8S_POD_NAME=pod");
    assertThat(answer(variables, config).exitCode()).isZero();
    assertThat(verbs.calls).containsExactly("add n/c1/eth0 ns/pod");
    variables.put("CNI_ARGS", "Other=x");
    assertError(answer(variables, config), 4, "add IgnoreUnknown=1");
    assertThat(verbs.calls).hasSize(1);
  }

  @Test
  @DisplayName("errors about variables speak the configuration's version (pod-network 9)")
  void versionOfErrors() throws Exception {
    CniResponse response =
        answer(Map.of("CNI_COMMAND", "ATTACH"), "{\"cniVersion\":\"0.3.1\",\"name\":\"n\"}");
    assertThat(json(response).path("cniVersion").asText()).isEqualTo("0.3.1");
  }

  @Test
  void theVersionsSupportedAreInTheErrorsDetails() throws Exception {
    CniResponse response = answer(environment("ADD"), "{\"cniVersion\":\"2.0.0\",\"name\":\"n\"}");
    assertThat(json(response).path("details").asText()).contains("0.1.0, ", ", 1.1.0");
    assertThat(json(response).path("cniVersion").asText()).isEqualTo("1.0.0");
  }

  @Test
  @DisplayName(
      "VERSION works with empty stdin, and echoes the version it is given (pod-network 10)")
  void versions() throws Exception {
    JsonNode empty = json(answer(Map.of("CNI_COMMAND", "VERSION"), ""));
    assertThat(empty.path("cniVersion").asText()).isEqualTo("1.1.0");
    assertThat(empty.path("supportedVersions")).hasSize(7);
    JsonNode asked = json(answer(Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\":\"0.4.0\"}"));
    assertThat(asked.path("cniVersion").asText()).isEqualTo("0.4.0");
  }

  @Test
  @DisplayName("DEL needs no namespace, no prevResult and no valid arguments (pod-network 2, 3)")
  void leanDelete() {
    Map<String, String> variables = environment("DEL");
    variables.remove("CNI_NETNS");
    variables.put("CNI_ARGS", "nonsense");
    assertThat(answer(variables, "{\"name\":\"n\",\"prevResult\":7}"))
        .isEqualTo(CniResponse.of(0, ""));
    assertThat(verbs.calls).containsExactly("delete n/c1/eth0");
  }

  @ParameterizedTest
  @DisplayName(
      "GC knows both keys, and never takes a missing list for an empty one (pod-network 14)")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"cni.dev/valid-attachments\":[]`|gc n []",
        "`\"cni.dev/valid-attachments\":[{\"containerID\":\"b\",\"ifname\":\"e\"},{\"containerID\":\"a\",\"ifname\":\"e\"}]`|gc"
            + " n [n/a/e, n/b/e]",
        "`\"cni.dev/attachments\":[{\"containerID\":\"a\",\"ifname\":\"e\"}]`|gc n [n/a/e]",
        "`\"other\":[]`|``",
        "`\"cni.dev/valid-attachments\":[{\"ifname\":\"e\"}]`|``",
      })
  void garbage(String list, String call) throws Exception {
    CniResponse response =
        answer(
            Map.of("CNI_COMMAND", "GC"), "{\"cniVersion\":\"1.1.0\",\"name\":\"n\"," + list + "}");
    if (call.isEmpty()) {
      assertError(response, 7, "cni.dev/valid-attachments");
    } else {
      assertThat(verbs.calls).containsExactly(call);
    }
  }

  @Test
  @DisplayName("STATUS and GC are code 1 before 1.1.0; errors speak the version asked for")
  void statusAndOldConfigurations() throws Exception {
    String old = "{\"cniVersion\":\"1.0.0\",\"name\":\"n\"}";
    assertError(answer(Map.of("CNI_COMMAND", "STATUS"), old), 1, "since CNI 1.1.0");
    assertError(answer(Map.of("CNI_COMMAND", "GC"), old), 1, "since CNI 1.1.0");
    CniResponse status =
        answer(Map.of("CNI_COMMAND", "STATUS"), "{\"cniVersion\":\"1.1.0\",\"name\":\"n\"}");
    assertThat(status.text())
        .isEqualTo(
            "{\"cniVersion\":\"1.1.0\",\"code\":50,\"msg\":\"no"
                + " \\\"range\\\"\",\"details\":\"more\"}\n");
  }

  @Test
  void checkNeedsThePreviousResult() throws Exception {
    assertError(
        answer(environment("CHECK"), "{\"cniVersion\":\"1.1.0\",\"name\":\"n\"}"), 7, "prevResult");
  }

  @Test
  void whatTheRuntimeRequests() throws Exception {
    NetworkConfig config =
        NetworkConfig.parse(
            """
            {"name":"n","runtimeConfig":{"ips":["10.1.0.9/24"],"mac":"02:00:00:00:00:09"},
             "args":{"cni":{"ips":["fd00::9","10.1.0.9"]}},"dns":{"domain":"d"}}\
            """
                .getBytes(StandardCharsets.UTF_8));
    CniArguments arguments = CniArguments.parse("IP=10.1.0.10;MAC=x");
    assertThat(config.addressRequest(arguments).addresses())
        .containsExactly(
            IpAddress.parse("10.1.0.9"), IpAddress.parse("fd00::9"), IpAddress.parse("10.1.0.10"));
    assertThat(String.valueOf(config.options(arguments).port().mac()))
        .isEqualTo("02:00:00:00:00:09");
    assertThat(config.dns().domain()).isEqualTo("d");
  }

  @Test
  @DisplayName("damaged JSON is answered with an error object, never an exception (faults 40)")
  void fuzz() throws Exception {
    RandomGenerator random = Seed.generator("CniProtocolTest");
    byte[] whole =
        """
        {"cniVersion":"1.1.0","name":"n","dns":{"search":["a"]},"runtimeConfig":{"ips":["10.0.0.1"]},
         "prevResult":{"interfaces":[{"name":"a"}],"ips":[{"address":"10.0.0.1/8","interface":0}],
         "routes":[{"dst":"10.0.0.0/8","gw":"10.0.0.1","mtu":5}]},"cni.dev/valid-attachments":[]}\
        """
            .getBytes(StandardCharsets.UTF_8);
    List<String> commands = List.of("ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION", "X");
    for (int round = 0; round < 5000; round++) {
      byte[] damaged = Arrays.copyOf(whole, whole.length - random.nextInt(2) * random.nextInt(50));
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      String command = commands.get(random.nextInt(commands.size()));
      CniResponse response =
          CniProtocol.answer(new CniRequest(environment(command), damaged), verbs);
      if (response.exitCode() != 0) {
        assertThat(json(response).path("code").asInt()).isPositive();
      }
    }
  }
}
