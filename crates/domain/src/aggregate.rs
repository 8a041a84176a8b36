//! What every aggregate does alike.

/// Makes a type an aggregate: it decides first and writes afterwards, so that a refusal, even of the last of several changes,
/// leaves no trace. The type has `decide`, which gives the events in their order, and `take`, which lets one happen.
macro_rules! aggregate {
    ($aggregate:ty, $kind:literal: $command:ty => $event:ty, $error:ty) => {
        impl cqrs_es::Aggregate for $aggregate {
            const TYPE: &'static str = $kind;
            type Command = $crate::Directed<$command>;
            type Event = $crate::Dated<$event>;
            type Error = $error;
            type Services = ();

            async fn handle(
                &mut self,
                command: Self::Command,
                (): &Self::Services,
                sink: &cqrs_es::event_sink::EventSink<Self>,
            ) -> Result<(), Self::Error> {
                for event in self.decide(&command)? {
                    sink.write(command.dated(event), self).await;
                }
                Ok(())
            }

            fn apply(&mut self, event: Self::Event) {
                self.take(event);
            }
        }
    };
}

pub(crate) use aggregate;
