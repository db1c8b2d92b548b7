package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlannelNodeTextTest {

  private static final String PREFIX = "flannel.alpha.coreos.com/";

  private final List<String> problems = new ArrayList<>();

  private @Nullable FlannelNode read(
      @Nullable String type, @Nullable String data, @Nullable String address) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(PREFIX + "kube-subnet-manager", "true");
    if (type != null) {
      annotations.put(PREFIX + "backend-type", type);
    }
    if (data != null) {
      annotations.put(PREFIX + "backend-data", data);
    }
    if (address != null) {
      annotations.put(PREFIX + "public-ip", address);
    }
    return FlannelNodeText.read(annotations, problems);
  }

  @Test
  void whatFlannelWritesIsRead() {
    assertThat(read("vxlan", "{\"VNI\":1,\"VtepMAC\":\"6a:9b:1c:2d:3e:4f\"}", "192.0.2.7"))
        .isEqualTo(
            new FlannelNode(
                "vxlan",
                1,
                MacAddress.parse("6a:9b:1c:2d:3e:4f"),
                IpAddress.parse("192.0.2.7"),
                true));
    // Before version 0.14 there was no VNI.
    assertThat(read("vxlan", "{\"VtepMAC\":\"6a:9b:1c:2d:3e:4f\"}", null))
        .isEqualTo(new FlannelNode("vxlan", 0, MacAddress.parse("6a:9b:1c:2d:3e:4f"), null, true));
    assertThat(read("host-gw", "null", "192.0.2.7"))
        .isEqualTo(new FlannelNode("host-gw", 0, null, IpAddress.parse("192.0.2.7"), true));
    assertThat(read(null, "null", "192.0.2.7")).isNull();
    assertThat(FlannelNodeText.read(null, problems)).isNull();
    assertThat(problems).isEmpty();
  }

  @Test
  void whatIsWrittenIsRead() {
    for (FlannelNode node :
        List.of(
            new FlannelNode(
                "vxlan",
                4097,
                MacAddress.parse("36:97:1b:e6:e9:bb"),
                IpAddress.parse("192.0.2.1"),
                true),
            new FlannelNode("host-gw", 0, null, IpAddress.parse("192.0.2.1"), false))) {
      assertThat(FlannelNodeText.read(FlannelNodeText.write(node), problems)).isEqualTo(node);
    }
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("corrupt annotations are named and the rest is read (pod-network 54)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {VNI:                                   | 192.0.2.7 | backend-data: it is not JSON
          [[[[                                    | 192.0.2.7 | backend-data: it is not JSON
          {"VNI":1,"VtepMAC":"nonsense"}          | 192.0.2.7 | VtepMAC
          {"VNI":1,"VtepMAC":7}                   | 192.0.2.7 | VtepMAC
          {"VNI":"one"}                           | 192.0.2.7 | VNI "one" is not within
          {"VNI":16777216}                        | 192.0.2.7 | VNI 16777216 is not within
          {"VNI":-1}                              | 192.0.2.7 | VNI -1 is not within
          {"VNI":99999999999999999999}            | 192.0.2.7 | is not within
          "text"                                  | 192.0.2   | public-ip
          """)
  void corrupt(String data, String address, String problem) {
    FlannelNode node = read("vxlan", data, address);
    assertThat(node).isNotNull();
    assertThat(node == null ? null : node.vtepMac()).isNull();
    assertThat(problems).singleElement().asString().contains(problem);
  }
}
