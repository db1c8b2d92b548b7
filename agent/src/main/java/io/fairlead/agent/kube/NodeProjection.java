package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Node (core/v1) to {@link NodeRecord}. */
final class NodeProjection {

  private NodeProjection() {}

  static Projected project(Node node) {
    List<String> problems = new ArrayList<>();
    String name = node.getMetadata().getName();
    NodeRecord record =
        new NodeRecord(
            name,
            addresses(node.getStatus(), problems),
            podCidrs(node.getSpec(), problems),
            vtepMac(node.getMetadata().getAnnotations(), problems),
            zone(node.getMetadata().getLabels()),
            isLeaving(node),
            FlannelNodeText.read(node.getMetadata().getAnnotations(), problems));
    return new Projected(new NodeChanged(name, record), problems);
  }

  private static List<IpAddress> addresses(@Nullable NodeStatus status, List<String> problems) {
    if (status == null || status.getAddresses() == null) {
      return List.of();
    }
    List<IpAddress> addresses = new ArrayList<>(2);
    for (NodeAddress given : status.getAddresses()) {
      if (given != null && "InternalIP".equals(given.getType())) {
        IpAddress address = Fields.address("status.addresses", given.getAddress(), problems);
        if (address != null) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  private static List<Cidr> podCidrs(@Nullable NodeSpec spec, List<String> problems) {
    if (spec == null) {
      return List.of();
    }
    List<String> texts = spec.getPodCIDRs();
    if (texts == null || texts.isEmpty()) {
      String single = spec.getPodCIDR();
      texts = single == null || single.isEmpty() ? List.of() : List.of(single);
    }
    List<Cidr> cidrs = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        if (text != null) {
          cidrs.add(Cidr.parse(text));
        }
      } catch (IllegalArgumentException e) {
        problems.add("spec.podCIDRs: " + e.getMessage());
      }
    }
    return cidrs;
  }

  private static @Nullable String zone(@Nullable Map<String, String> labels) {
    String zone = labels == null ? null : labels.get(Labels.ZONE);
    return zone == null || zone.isEmpty() ? null : zone.intern();
  }

  private static boolean isLeaving(Node node) {
    String deletion = node.getMetadata().getDeletionTimestamp();
    if (deletion != null && !deletion.isEmpty()) {
      return true;
    }
    List<Taint> taints = node.getSpec() == null ? null : node.getSpec().getTaints();
    return taints != null
        && taints.stream()
            .anyMatch(taint -> taint != null && Labels.TO_BE_DELETED.equals(taint.getKey()));
  }

  private static @Nullable MacAddress vtepMac(
      @Nullable Map<String, String> annotations, List<String> problems) {
    String text = annotations == null ? null : annotations.get(Labels.VTEP_MAC);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return MacAddress.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add("annotation " + Labels.VTEP_MAC + ": " + e.getMessage());
      return null;
    }
  }
}
