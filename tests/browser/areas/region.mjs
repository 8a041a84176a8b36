// The region's board.
export default [];
