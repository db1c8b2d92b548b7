package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The service against the kernel: one namespace plays the host, others the pods. */
abstract class CniServiceKernelTestBase {

  static final ObjectMapper JSON = new ObjectMapper();
  static final String CONFIG = "{\"cniVersion\":\"1.1.0\",\"name\":\"n\"}";

  @TempDir Path folder;
  private final OpenDescriptors descriptors = OpenDescriptors.now();
  TestNamespace host;
  TestNamespace pod;
  final RecordingAdmission admission = new RecordingAdmission();
  CniService service;
  volatile FaultyKernel.Inspection onHost = FaultyKernel.Inspection.NONE;
  List<AttachmentRules> rules = List.of();
  String bootId = "boot";
  Optional<String> trouble = Optional.empty();
  FaultyKernel.Fault fault = new FaultyKernel.Fault(Integer.MAX_VALUE, false, () -> {});

  @BeforeEach
  void open() throws Exception {
    host = TestNamespace.create("host");
    pod = TestNamespace.create("pod");
    service = start(folder.resolve("state"));
    configure("10.1.0.0/24", "fd00:1::/64");
  }

  @AfterEach
  void close() throws Exception {
    service.close();
    pod.close();
    host.close();
    descriptors.assertNoneAdded();
  }

  CniService start(Path state) throws Exception {
    return start(AddressPool.open(state, bootId));
  }

  CniService start(AddressPool pool) {
    return new CniService(
        pool,
        new BridgeNetwork(() -> new FaultyKernel(openIn(host), fault, o -> onHost.look(o))),
        descriptor -> new FaultyKernel(openAt(descriptor), fault),
        admission,
        rules,
        () -> trouble);
  }

  /** A socket where {@code namespace} is, as the CNI binary would have opened it. */
  private RouteSocket openAt(OwnedDescriptor namespace) throws IOException {
    return openIn(namespace == pod.namespace().descriptor() ? pod : host);
  }

  static RouteSocket openIn(TestNamespace namespace) throws IOException {
    try {
      return namespace.call(RouteSocket::open);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  List<RouteOperation> configure(String... cidrs) throws IOException {
    return service.configure(
        new CniSettings(
            Stream.of(cidrs).map(Cidr::parse).toList(), new BridgeSettings("fairlead0", 1450)));
  }

  CniResponse request(String command, String container, String name, String config) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", container);
    environment.put("CNI_IFNAME", name);
    environment.put(
        "CNI_ARGS",
        "K8S_POD_NAMESPACE=ns;K8S_POD_NAME=pod-" + container + ";K8S_POD_UID=uid-" + container);
    boolean inPod = command.equals("ADD") || command.equals("CHECK");
    if (inPod) {
      environment.put("CNI_NETNS", "/run/netns/pod");
    }
    OwnedDescriptor namespace = pod.namespace().descriptor();
    return service.handle(
        new CniRequest(environment, config.getBytes(StandardCharsets.UTF_8)),
        inPod ? List.of(namespace, namespace) : List.of());
  }

  CniResponse add(String container) {
    return request("ADD", container, "eth0", CONFIG);
  }

  CniResponse check(String container, CniResponse added) {
    return request(
        "CHECK",
        container,
        "eth0",
        "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",\"prevResult\":" + added.text() + "}");
  }

  static void assertDone(CniResponse response) {
    assertThat(response.exitCode()).as(response.text()).isZero();
  }

  static void assertFailed(CniResponse response, int code, String sentence) throws IOException {
    JsonNode error = JSON.readTree(response.stdout());
    assertThat(error.path("code").asInt()).as(response.text()).isEqualTo(code);
    assertThat(error.path("msg").asText()).contains(sentence);
  }

  void assertNoPod() {
    assertThat(service.awaitRemovals(Duration.ofSeconds(10))).isTrue();
    assertThat(service.attachments()).isEmpty();
    assertThat(host.run("ip", "-br", "link", "show", "type", "veth")).isEmpty();
    assertThat(pod.run("ip", "-br", "link", "show", "type", "veth")).isEmpty();
  }
}
