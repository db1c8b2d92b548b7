package io.fairlead.bench.micro;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniCall;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.cni.protocol.CniProtocol;
import io.fairlead.cni.protocol.CniResult;
import io.fairlead.cni.protocol.CniVerbs;
import io.fairlead.cni.protocol.NetworkConfig;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.cni.wire.FrameException;
import io.fairlead.cni.wire.RequestFrame;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request of the CNI binary, from its bytes to the call of a verb that does nothing. */
@State(Scope.Thread)
public class CniRequestBenchmark {

  private static final CniRequest REQUEST =
      new CniRequest(
          Map.of(
              "CNI_COMMAND",
              "DEL",
              "CNI_CONTAINERID",
              "dfdc3fab4b0b1d74cd01d4c3a3f5c1b2a7c8d9e0f1a2b3c4d5e6f708192a3b4c",
              "CNI_NETNS",
              "/run/netns/cni-2f9e1c3a-7b6d-4e5f-8a9b-0c1d2e3f4a5b",
              "CNI_IFNAME",
              "eth0",
              "CNI_PATH",
              "/opt/cni/bin",
              "CNI_ARGS",
              "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod-a;"
                  + "K8S_POD_INFRA_CONTAINER_ID=dfdc3fab4b0b1d74cd01d4c3a3f5c1b2a7c8d9e0f1a2b3c4;"
                  + "K8S_POD_UID=6b0f6ecb-7a2d-4b7e-9d43-000000000000"),
          """
          {"cniVersion":"1.0.0","name":"fairlead","type":"fairlead",
           "capabilities":{"portMappings":true,"bandwidth":true},
           "runtimeConfig":{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}}
          """
              .getBytes(StandardCharsets.UTF_8));

  private final byte[] frame = frame();
  private final Counting verbs = new Counting();

  private static byte[] frame() {
    try {
      return RequestFrame.write(REQUEST, 0);
    } catch (FrameException e) {
      throw new IllegalStateException("the request is short", e);
    }
  }

  /** Succeeds in everything that may be asked here. */
  private static final class Counting implements CniVerbs {

    private long deleted;

    @Override
    public CniResult add(CniCall call) {
      throw new IllegalStateException("nothing is added here");
    }

    @Override
    public void delete(CniCall call) throws CniException {
      deleted += call.config().options(call.environment().arguments()).hostPorts().size();
    }

    @Override
    public void check(CniCall call, CniResult previous) {}

    @Override
    public void status(NetworkConfig config) {}

    @Override
    public void collectGarbage(String network, Set<AttachmentKey> valid) {}
  }

  @Benchmark
  public CniResponse parse() throws FrameException {
    CniResponse response = CniProtocol.answer(RequestFrame.read(frame), verbs);
    if (response.exitCode() != 0 || verbs.deleted == 0) {
      throw new IllegalStateException("the request was refused: " + response);
    }
    return response;
  }
}
