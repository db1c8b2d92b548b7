package io.fairlead.agent.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link FlannelNode} from and to a Node's annotations, in the form that flannel writes. */
final class FlannelNodeText {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_VNI = (1 << 24) - 1;

  private FlannelNodeText() {}

  /** What can be read of the annotations, or null if none of them is flannel's. */
  static @Nullable FlannelNode read(
      @Nullable Map<String, String> annotations, List<String> problems) {
    String backend = annotations == null ? null : annotations.get(Labels.FLANNEL_BACKEND_TYPE);
    if (annotations == null || backend == null || backend.isEmpty()) {
      return null;
    }
    JsonNode data = data(annotations.get(Labels.FLANNEL_BACKEND_DATA), problems);
    String address = annotations.get(Labels.FLANNEL_PUBLIC_IP);
    return new FlannelNode(
        backend,
        vni(data, problems),
        mac(data, problems),
        address == null || address.isEmpty() ? null : publicAddress(address, problems),
        "true".equals(annotations.get(Labels.FLANNEL_MANAGED)));
  }

  private static JsonNode data(@Nullable String text, List<String> problems) {
    if (text != null && !text.isEmpty()) {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        problem(problems, Labels.FLANNEL_BACKEND_DATA, "it is not JSON: " + e.getOriginalMessage());
      }
    }
    return JSON.missingNode();
  }

  private static int vni(JsonNode data, List<String> problems) {
    JsonNode vni = data.path("VNI");
    if (vni.isMissingNode() || vni.isNull()) {
      return 0;
    }
    if (!vni.canConvertToInt() || vni.intValue() < 1 || vni.intValue() > LARGEST_VNI) {
      problem(problems, Labels.FLANNEL_BACKEND_DATA, "VNI " + vni + " is not within 1 to 16777215");
      return 0;
    }
    return vni.intValue();
  }

  private static @Nullable MacAddress mac(JsonNode data, List<String> problems) {
    JsonNode mac = data.path("VtepMAC");
    if (mac.isMissingNode() || mac.isNull()) {
      return null;
    }
    try {
      return MacAddress.parse(mac.asText());
    } catch (IllegalArgumentException e) {
      problem(problems, Labels.FLANNEL_BACKEND_DATA, "VtepMAC: " + e.getMessage());
      return null;
    }
  }

  private static @Nullable IpAddress publicAddress(String text, List<String> problems) {
    return Fields.address("annotation " + Labels.FLANNEL_PUBLIC_IP, text, problems);
  }

  private static void problem(List<String> problems, String annotation, String sentence) {
    problems.add("annotation " + annotation + ": " + sentence);
  }

  /** The annotations of such a node; flannel reads them all. */
  static Map<String, String> write(FlannelNode node) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(Labels.FLANNEL_BACKEND_TYPE, node.backend());
    MacAddress mac = node.vtepMac();
    annotations.put(
        Labels.FLANNEL_BACKEND_DATA,
        mac == null ? "null" : "{\"VNI\":" + node.vni() + ",\"VtepMAC\":\"" + mac + "\"}");
    IpAddress address = node.publicAddress();
    if (address != null) {
      annotations.put(Labels.FLANNEL_PUBLIC_IP, address.toString());
    }
    annotations.put(Labels.FLANNEL_MANAGED, Boolean.toString(node.managed()));
    return annotations;
  }
}
