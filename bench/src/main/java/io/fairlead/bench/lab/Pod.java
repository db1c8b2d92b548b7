package io.fairlead.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A pod of the lab: a namespace that was attached to its node by CNI. */
public final class Pod {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String CNI_VERSION = "1.1.0";

  private final Node node;
  private final LabNamespace namespace;
  private final ContainerRuntime.Attachment attachment;
  private final List<InetAddress> addresses;
  private final Duration attachTime;
  private final List<EchoServer> servers = new ArrayList<>();

  private Pod(
      Node node,
      LabNamespace namespace,
      ContainerRuntime.Attachment attachment,
      List<InetAddress> addresses,
      Duration attachTime) {
    this.node = node;
    this.namespace = namespace;
    this.attachment = attachment;
    this.addresses = addresses;
    this.attachTime = attachTime;
  }

  /** Takes over {@code namespace}, even if it throws. */
  static Pod attach(Node node, String name, String uid, LabNamespace namespace)
      throws IOException, InterruptedException {
    try {
      ContainerRuntime.Attachment attachment =
          new ContainerRuntime.Attachment(
              newContainerId(),
              namespace.path().toString(),
              "eth0",
              "default",
              name,
              uid,
              CNI_VERSION);
      ContainerRuntime.Answer answer = node.runtime().execute("ADD", attachment);
      if (!answer.isSuccess()) {
        throw new IOException(
            "CNI ADD of " + name + " on " + node.name() + " failed: " + answer.text());
      }
      return new Pod(
          node, namespace, attachment, addresses(answer.output().out()), answer.duration());
    } catch (IOException | InterruptedException e) {
      namespace.close();
      throw e;
    }
  }

  private static String newContainerId() {
    byte[] id = new byte[32];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private static List<InetAddress> addresses(String result) throws IOException {
    List<InetAddress> found = new ArrayList<>();
    for (JsonNode ip : JSON.readTree(result).path("ips")) {
      String address = ip.path("address").asText();
      found.add(InetAddress.ofLiteral(address.replaceFirst("/\\d+$", "")));
    }
    if (found.isEmpty()) {
      throw new IOException("the CNI result has no address: " + result);
    }
    return found;
  }

  public String name() {
    return attachment.podName();
  }

  public Node node() {
    return node;
  }

  public LabNamespace namespace() {
    return namespace;
  }

  public ContainerRuntime.Attachment attachment() {
    return attachment;
  }

  /** The first address of the CNI result. */
  public InetAddress address() {
    return addresses.getFirst();
  }

  /** All addresses of the CNI result. */
  public List<InetAddress> addresses() {
    return addresses;
  }

  /**
   * The first address of a family.
   *
   * @throws IllegalStateException if the pod has none
   */
  public InetAddress address(AddressFamily family) {
    return addresses.stream()
        .filter(address -> address instanceof Inet4Address == (family == AddressFamily.IPV4))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(name() + " has no " + family + " address: " + addresses));
  }

  /** How long the CNI binary took to attach it, the start of the process included. */
  public Duration attachTime() {
    return attachTime;
  }

  /** An endpoint of this pod. */
  public InetSocketAddress at(int port) {
    return new InetSocketAddress(address(), port);
  }

  /** An endpoint of this pod in a family. */
  public InetSocketAddress at(AddressFamily family, int port) {
    return new InetSocketAddress(address(family), port);
  }

  /** Answers TCP and UDP on {@code port} with the pod's name, until the pod is deleted. */
  public EchoServer serve(int port) throws IOException, InterruptedException {
    EchoServer server = EchoServer.start(namespace, name(), new InetSocketAddress(port));
    servers.add(server);
    return server;
  }

  /**
   * Detaches the pod by CNI DEL and ends it, in a runtime's order.
   *
   * @throws IOException with the CNI error; the pod is gone nevertheless
   */
  public ContainerRuntime.Answer delete() throws IOException, InterruptedException {
    try {
      ContainerRuntime.Answer answer = node.runtime().execute("DEL", attachment);
      if (!answer.isSuccess()) {
        throw new IOException(
            "CNI DEL of " + name() + " on " + node.name() + " failed: " + answer.text());
      }
      return answer;
    } finally {
      node.forget(this);
      abandon();
    }
  }

  /** Ends the pod without telling anybody, as a power loss does. */
  void abandon() {
    servers.forEach(EchoServer::close);
    namespace.close();
  }
}
