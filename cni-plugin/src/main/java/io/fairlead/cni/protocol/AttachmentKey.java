package io.fairlead.cni.protocol;

/**
 * What identifies an attachment: a network, a container and an interface name in it. All three hold
 * neither white space nor control characters.
 */
public record AttachmentKey(String network, String containerId, String interfaceName)
    implements Comparable<AttachmentKey> {

  @Override
  public int compareTo(AttachmentKey other) {
    int order = network.compareTo(other.network);
    order = order != 0 ? order : containerId.compareTo(other.containerId);
    return order != 0 ? order : interfaceName.compareTo(other.interfaceName);
  }

  @Override
  public String toString() {
    return network + "/" + containerId + "/" + interfaceName;
  }
}
