package io.fairlead.bench.micro;

import io.fairlead.agent.kube.ManifestException;
import io.fairlead.agent.kube.ManifestObject;
import io.fairlead.agent.kube.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From the JSON of an EndpointSlice to its record, by way of Fabric8's object. */
@State(Scope.Thread)
public class EndpointSliceBenchmark {

  @Param({"2", "10", "100"})
  public int endpoints;

  private final ManifestReader reader = new ManifestReader();
  private byte[] json = {};

  @Setup
  public void write() {
    json = SampleObjects.sliceJson(endpoints).getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public List<ManifestObject> project() throws ManifestException {
    return reader.read("slice.json", json);
  }
}
