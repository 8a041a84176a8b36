//! GraphQL over the views; mutations go to the recorder.
