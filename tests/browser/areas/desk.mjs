// The secretariat's desk.
export default [];
