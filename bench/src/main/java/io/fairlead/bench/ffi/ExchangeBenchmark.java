package io.fairlead.bench.ffi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One exchange with the kernel, in the network namespace that JMH was started in. */
@State(Scope.Thread)
public class ExchangeBenchmark {

  @Param({"Panama", "JNR-FFI"})
  public String contender = "";

  @Param({"rtnetlink, one link", "nf_tables, one element"})
  public String exchange = "";

  private @Nullable Session session;

  @Setup
  public void open() throws IOException {
    session = Session.open(Contender.titled(contender), Exchange.titled(exchange));
  }

  @TearDown
  public void close() {
    opened().close();
  }

  private Session opened() {
    Session current = session;
    if (current == null) {
      throw new IllegalStateException("JMH opens the session first");
    }
    return current;
  }

  @Benchmark
  public int exchange() throws IOException {
    return opened().exchange();
  }
}
