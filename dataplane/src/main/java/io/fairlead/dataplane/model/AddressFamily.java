package io.fairlead.dataplane.model;

/** The two IP families, with the constants the kernel and Kubernetes know them by. */
public enum AddressFamily {
  IPV4(2, 4, "IPv4"),
  IPV6(10, 16, "IPv6");

  private final int number;
  private final int byteLength;
  private final String kubernetesName;

  AddressFamily(int number, int byteLength, String kubernetesName) {
    this.number = number;
    this.byteLength = byteLength;
    this.kubernetesName = kubernetesName;
  }

  /** AF_INET or AF_INET6 of sys/socket.h. */
  public int number() {
    return number;
  }

  /** Bytes in an address: 4 or 16. */
  public int byteLength() {
    return byteLength;
  }

  /** Bits in an address: 32 or 128. */
  public int bitLength() {
    return byteLength * 8;
  }

  /** The spelling of ipFamilies and addressType: "IPv4" or "IPv6". */
  public String kubernetesName() {
    return kubernetesName;
  }
}
